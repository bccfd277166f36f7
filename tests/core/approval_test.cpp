#include "core/approval.hpp"

#include <doctest/doctest.h>

#include "core/rfc3339.hpp"

namespace dsar {
namespace {

Instant at(const char* text) {
  return parse_rfc3339(text).value();
}

const PlanToApprove plan{"abc", "ada"};

Approval good() {
  return {"abc", "ada", "ben", at("2026-03-31T12:00:00Z"), at("2026-04-01T12:00:00Z")};
}

std::string why(const Approval& approval, const char* now) {
  return why_not_approved(approval, plan, at(now)).value_or("");
}

}  // namespace

TEST_CASE("an approval holds from when it is given until it expires") {
  CHECK(why(good(), "2026-03-31T11:59:59Z") == "the approval is dated in the future");
  CHECK(why(good(), "2026-03-31T12:00:00Z").empty());
  CHECK(why(good(), "2026-04-01T11:59:59Z").empty());
  CHECK(why(good(), "2026-04-01T12:00:00Z") == "the approval has expired at 2026-04-01T12:00:00Z");
}

TEST_CASE("nobody approves for longer than two weeks") {
  auto approval = good();
  approval.expires_at = at("2026-04-14T12:00:00Z");
  CHECK(why(approval, "2026-04-14T11:00:00Z").empty());
  approval.expires_at = at("2026-04-14T12:00:01Z");
  CHECK(why(approval, "2026-04-01T12:00:00Z") == "the approval is for longer than 14 days");
}

TEST_CASE("an approval is of one plan by somebody else than its planner") {
  auto other_plan = good();
  other_plan.plan_sha256 = "abd";
  CHECK(why(other_plan, "2026-03-31T12:00:00Z") == "the approval is of another plan");
  auto other_planner = good();
  other_planner.planned_with = "cleo";
  CHECK(why(other_planner, "2026-03-31T12:00:00Z") == "the approval is of another plan");
  auto own = good();
  own.approved_with = "ada";
  CHECK(why(own, "2026-03-31T12:00:00Z") == "the approver is the planner");
}

}  // namespace dsar
