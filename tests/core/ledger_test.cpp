#include "core/ledger.hpp"

#include <doctest/doctest.h>

namespace dsar {
namespace {

LedgerEntry entry(std::int64_t number, LedgerKind kind, const std::string& id,
                  const std::string& since) {
  LedgerEntry made;
  made.number = number;
  made.kind = kind;
  made.id = id;
  if (!since.empty()) made.details["since"] = since;
  return made;
}

const std::string morning = "2026-03-31T08:00:00Z";

}  // namespace

TEST_CASE("a hold is ended by the later release of the very same hold") {
  const auto hold = entry(1, LedgerKind::hold, "7", morning);
  const auto release = entry(3, LedgerKind::hold_release, "7", morning);
  REQUIRE(ended_by(hold, {hold, release}) != nullptr);
  CHECK(ended_by(hold, {hold}) == nullptr);
  CHECK(ended_by(release, {hold, release}) == nullptr);
  CHECK(ended_by(hold, {entry(3, LedgerKind::hold_release, "8", morning)}) == nullptr);
  CHECK(ended_by(hold, {entry(3, LedgerKind::choice_lift, "7", morning)}) == nullptr);
  // A number is given again after a restore.
  CHECK(ended_by(hold, {entry(3, LedgerKind::hold_release, "7", "2026-03-31T09:00:00Z")}) ==
        nullptr);
  CHECK(ended_by(entry(4, LedgerKind::hold, "7", morning), {release}) == nullptr);
}

TEST_CASE("entries from before that was kept are ended by nothing") {
  const auto hold = entry(1, LedgerKind::hold, "7", "");
  CHECK(ended_by(hold, {entry(3, LedgerKind::hold_release, "7", "")}) == nullptr);
}

TEST_CASE("a choice is ended by its lift, an erasure by nothing") {
  const auto choice = entry(1, LedgerKind::choice, "7", morning);
  CHECK(ended_by(choice, {entry(2, LedgerKind::choice_lift, "7", morning)}) != nullptr);
  const auto erasure = entry(1, LedgerKind::erasure, "7", morning);
  CHECK(ended_by(erasure, {entry(2, LedgerKind::erasure, "7", morning)}) == nullptr);
}

namespace {

LedgerEntry about(std::int64_t number, LedgerKind kind, std::vector<LedgerRow> rows) {
  LedgerEntry made;
  made.number = number;
  made.kind = kind;
  made.tenant_key = "6";
  made.rows = std::move(rows);
  return made;
}

}  // namespace

TEST_CASE("who was put right before they were erased is known by what they were before") {
  const std::vector<LedgerEntry> entries{
      about(1, LedgerKind::rectification, {{"visitors", "k1", {"oldest", "old"}}}),
      about(3, LedgerKind::rectification,
            {{"visitors", "k1", {"old", "new"}}, {"letters", "k2", {"old", "new"}}}),
      about(5, LedgerKind::erasure, {{"visitors", "k1", {"new"}}, {"devices", "k9", {}}}),
      about(7, LedgerKind::rectification, {{"visitors", "k1", {"new", "later"}}}),
  };
  auto erasure = entries[2];
  add_former_identities(erasure, entries);
  REQUIRE(erasure.rows.size() == 2);
  CHECK(erasure.rows[0].identities == std::vector<std::string>{"new", "old", "oldest"});
  CHECK(erasure.rows[1].identities.empty());
  CHECK(share_row(entries[1], erasure));
}

TEST_CASE("who was put right is nobody else for having had the same key") {
  std::vector<LedgerEntry> entries{
      about(1, LedgerKind::rectification, {{"visitors", "k1", {"bob", "robert"}}}),
      about(2, LedgerKind::erasure, {{"visitors", "k1", {"ada"}}}),
  };
  auto erasure = entries[1];
  add_former_identities(erasure, entries);
  CHECK(erasure.rows[0].identities == std::vector<std::string>{"ada"});
  entries[0].rows[0].identities = {"ada", "robert"};
  entries[0].tenant_key = "7";
  add_former_identities(erasure, entries);
  CHECK(erasure.rows[0].identities == std::vector<std::string>{"ada"});
}

TEST_CASE("a telephone that a household shares makes nobody the other") {
  // Bob had a row with the number of the house alone, Ada has another one.
  const auto bob = about(1, LedgerKind::rectification,
                         {{"visitors", "b1", {"bob", "robert"}}, {"visitors", "b2", {"house"}}});
  auto ada =
      about(2, LedgerKind::erasure, {{"visitors", "a1", {"ada"}}, {"visitors", "a2", {"house"}}});
  add_former_identities(ada, {bob, ada});
  CHECK_FALSE(share_row(bob, ada));
  CHECK(ada.rows.size() == 2);
  CHECK(ada.rows[1].identities == std::vector<std::string>{"house"});
}

}  // namespace dsar
