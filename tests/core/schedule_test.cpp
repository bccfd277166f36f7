#include "core/schedule.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/policies/builtin.hpp"
#include "core/rfc3339.hpp"

namespace {

using namespace dsar;

const Instant now = parse_rfc3339("2026-03-31T12:00:00Z").value();

Instant at(const char* text) {
  return parse_rfc3339(text).value();
}

Date on(int year, unsigned month, unsigned day) {
  return Date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
}

/// One record set of a category with a clock, in a database of one tenant.
struct World {
  DataMap map;
  SweepTenant tenant;
  std::vector<std::string> refused;

  World(const char* policy, const char* category, const std::vector<RuleOverride>& overrides = {}) {
    map.tenants.emplace();
    for (const auto* event : {"trial-end", "organisation-archived", "contract-end",
                              "account-closure", "content-refreshed"})
      map.tenants->events.push_back({event, {}, {}});
    Table table;
    table.name = {"helpdesk", "rows"};
    RecordSet set;
    set.name = "rows";
    set.category = category;
    set.clock.emplace();
    set.clock->expression = SqlFragment{"created_at", {}};
    table.sets.push_back(set);
    map.tables.push_back(table);
    tenant.key = "1";
    tenant.slug = "one";
    tenant.policy = &policy_named(policy);
    tenant.rules = effective_rules(*tenant.policy, overrides, refused);
  }

  RecordSet& set() { return map.tables[0].sets[0]; }

  [[nodiscard]] SetSchedule schedule() const {
    return schedule_of(map, {&map.tables[0], &map.tables[0].sets[0]}, tenant, now);
  }

  /// The state of a rule's line; keeps nothing where there is none.
  [[nodiscard]] std::optional<LineState> state(const std::string& rule) const {
    const auto made = schedule();
    for (const auto& line : made.lines) {
      if (line.rule->rule->id == rule) return line.state;
    }
    return std::nullopt;
  }
};

RuleOverride set_to(const char* rule, const Period& period) {
  return {.rule = rule, .period = period, .reason = "asked for", .source = "here"};
}

}  // namespace

TEST_CASE("rows of a category that a rule counts from creation are due by their clock") {
  const World world("omniops", "message");
  const auto made = world.schedule();
  REQUIRE(made.by_clock);
  CHECK(made.by_clock->rule->rule->id == "chat");
  CHECK(made.by_clock->cut_off.date == on(2025, 12, 31));  // 90 days before 31 March
  CHECK(made.by_clock->action == SweepAction::remove);
  CHECK(world.state("analytics") == std::nullopt);
}

TEST_CASE("a tenant's zone says when its days begin") {
  World world("omniops", "message");
  world.tenant.zone = Zone::named("America/Los_Angeles");
  CHECK(world.schedule().by_clock->cut_off.instant == at("2025-12-31T08:00:00Z"));
}

TEST_CASE("a tenant's override takes the place of the rule's period") {
  const World world("omniops", "message", {set_to("chat", Period::days(60))});
  CHECK(world.schedule().by_clock->cut_off.date == on(2026, 1, 30));
}

TEST_CASE("a category that no rule names is never due") {
  CHECK_FALSE(World("omniops", "technical-log").schedule().may_be_due());
}

TEST_CASE("a tenant's event makes all its rows due once the period after it is over") {
  World world("web1on1", "account");
  CHECK(world.state("archived") == LineState::not_happened);
  world.tenant.events[ClockEvent::organisation_archived] = at("2026-03-01T10:00:00Z");
  CHECK(world.state("archived") == LineState::waiting);  // 31 March is the thirtieth day
  CHECK_FALSE(world.schedule().may_be_due());
  world.tenant.events[ClockEvent::organisation_archived] = at("2026-02-28T23:59:59Z");
  CHECK(world.state("archived") == LineState::all_due);
  CHECK(world.schedule().whole);
}

TEST_CASE("of several events of a tenant each counts by itself, and one in the future not at all") {
  World world("web1on1", "account");
  world.tenant.events[ClockEvent::organisation_archived] = at("2027-01-01T00:00:00Z");
  world.tenant.events[ClockEvent::trial_end] = at("2025-12-15T00:00:00Z");
  const auto made = world.schedule();
  REQUIRE(made.whole);
  CHECK(made.whole->rule->rule->id == "trial");
  CHECK(world.state("archived") == LineState::waiting);
}

TEST_CASE("what holds nothing personal goes with all that a tenant has, and with nothing less") {
  World world("web1on1", "");
  CHECK_FALSE(world.schedule().may_be_due());
  world.tenant.events[ClockEvent::trial_end] = at("2025-12-15T00:00:00Z");
  CHECK(world.schedule().whole);
  World ended("visitorchat", "");
  ended.tenant.events[ClockEvent::contract_end] = on(2025, 11, 30);
  CHECK_FALSE(ended.schedule().whole);
}

TEST_CASE("accounting records of a whole tenant stay by law until the operator sets their end") {
  World world("web1on1", "billing");
  world.tenant.events[ClockEvent::trial_end] = at("2025-12-15T00:00:00Z");
  CHECK(world.schedule().kept_always != nullptr);
  CHECK_FALSE(world.schedule().may_be_due());
  World limited("web1on1", "billing", {set_to("accounting", Period::years(7))});
  limited.tenant.events = world.tenant.events;
  const auto made = limited.schedule();
  CHECK(made.kept_always == nullptr);
  REQUIRE(made.kept_by_law);
  CHECK(made.kept_by_law->cut_off.date == on(2019, 3, 31));
  CHECK(made.may_be_due());
}

TEST_CASE("a stated ceiling crosses the minimum of its policy and wins, and says so") {
  World world("visitorchat", "message");
  CHECK_FALSE(world.schedule().may_be_due());
  REQUIRE(world.schedule().floor);
  CHECK(world.schedule().floor->cut_off.date == on(2025, 12, 31));
  world.tenant.events[ClockEvent::contract_end] = on(2025, 11, 30);
  const auto made = world.schedule();
  CHECK(made.whole);
  CHECK(made.crossing);
}

TEST_CASE("three months after a contract's end are counted to the end of their last day") {
  World world("visitorchat", "message");
  world.tenant.events[ClockEvent::contract_end] = on(2025, 12, 31);
  CHECK(world.state("contract") == LineState::waiting);  // 31 March is not over yet
  world.tenant.events[ClockEvent::contract_end] = on(2025, 12, 30);
  CHECK(world.state("contract") == LineState::all_due);
}

TEST_CASE("content that has been fetched anew since is replaced, what came later stays") {
  World world("omniops", "website-content");
  CHECK_FALSE(world.schedule().may_be_due());
  world.tenant.events[ClockEvent::content_refreshed] = at("2026-02-20T03:00:00Z");
  const auto made = world.schedule();
  REQUIRE(made.by_clock);
  CHECK(made.by_clock->cut_off.instant == at("2026-02-20T03:00:00Z"));
  world.tenant.events[ClockEvent::content_refreshed] = at("2026-04-20T03:00:00Z");
  CHECK_FALSE(world.schedule().may_be_due());
  // The earlier of both: after the account's closure nothing of it stays.
  world.tenant.events[ClockEvent::account_closure] = at("2026-03-31T11:59:59Z");
  CHECK(world.schedule().whole);
}

TEST_CASE("a rule without a period is not set, and one without a clock says so") {
  const World world("dataops", "enquiry");
  CHECK(world.state("purpose-relationship") == LineState::not_set);
  World set("dataops", "enquiry", {set_to("purpose-relationship", Period::months(3))});
  CHECK(set.state("purpose-relationship") == LineState::no_clock);
  set.set().events.push_back({"purpose-ended", {}, {"ended_on", {}}, {}, {}});
  CHECK(set.state("purpose-relationship") == LineState::by_event);
  CHECK(set.schedule().by_event.size() == 1);
}

TEST_CASE("the later of two clocks needs both, or the row stays") {
  World world("web1on1", "contact-form");
  CHECK_FALSE(world.schedule().may_be_due());
  CHECK(world.state("contact-form") == LineState::no_clock);
  world.set().events.push_back({"last-inbound-message", {}, {"last_inbound_at", {}}, {}, {}});
  const auto made = world.schedule();
  REQUIRE(made.renewed);
  CHECK(made.renewed->cut.action == SweepAction::mask);
  CHECK_FALSE(made.by_clock);
}

TEST_CASE("the audit log is due after two years and never earlier") {
  const auto made = World("omniops", "audit-log").schedule();
  REQUIRE(made.by_clock);
  REQUIRE(made.kept_by_law);
  CHECK(made.by_clock->cut_off.date == on(2024, 3, 31));
  CHECK(made.kept_by_law->cut_off == made.by_clock->cut_off);
}

TEST_CASE("a request's rules are no sweep's") {
  CHECK(World("operatorone", "message").state("on-request") == LineState::on_request);
}
