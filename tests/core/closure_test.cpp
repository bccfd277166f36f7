#include "core/closure.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace dsar;

namespace {

/// A tenant's visitors and agents in memory.
struct Town {
  DataMap map;
  std::vector<SubjectRow> rows;

  Town() {
    const auto kind = [&](const char* name, Strength strength) {
      IdentityKind identity;
      identity.name = name;
      identity.strength = strength;
      map.identities.push_back(identity);
    };
    kind("email", Strength::strong);
    kind("account", Strength::strong);
    kind("phone", Strength::weak);
    kind("visitor", Strength::record);
    kind("device", Strength::hint);
  }

  void visitor(const std::string& id, std::vector<Identity> identities,
               const std::string& tenant = "1", const std::string& subject = "visitor") {
    SubjectRow row;
    row.set = subject + "s";
    row.subject = subject;
    row.tenant = tenant;
    row.key = {id};
    row.identities.push_back({subject, id, id});
    for (auto& identity : identities)
      row.identities.push_back({identity.kind, identity.value, identity.value});
    rows.push_back(std::move(row));
  }

  [[nodiscard]] SubjectLookup lookup() const {
    return [this](const std::vector<Identity>& identities, const std::string& tenant) {
      std::vector<SubjectRow> found;
      for (const auto& row : rows) {
        const auto match = std::any_of(
            row.identities.begin(), row.identities.end(), [&](const HeldIdentity& held) {
              return std::find(identities.begin(), identities.end(),
                               Identity{held.kind, held.value}) != identities.end();
            });
        if (match && (tenant.empty() || row.tenant == tenant)) found.push_back(row);
      }
      return found;
    };
  }

  [[nodiscard]] Closure ask(const Identity& identity, std::vector<Identity> also = {},
                            const std::string& tenant = "1",
                            const std::string& subject = {}) const {
    return close_identities(map, {{identity}, std::move(also), tenant, true, subject}, lookup());
  }
};

std::vector<std::string> ids(const std::vector<LinkedRow>& rows) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(row.row.key.front());
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::vector<std::string> ids(const std::vector<UnlinkedRow>& rows) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(row.row.key.front());
  std::sort(keys.begin(), keys.end());
  return keys;
}

using Ids = std::vector<std::string>;

/// Ada in three rows, Brook, and a visitor who is known by their shared landline alone.
Town ada_and_brook() {
  Town town;
  town.visitor("1", {{"email", "ada@example.com"},
                     {"account", "A7"},
                     {"phone", "+447700900123"},
                     {"phone", "+441632960001"},
                     {"device", "d1"}});
  town.visitor("2", {{"email", "ada.work@example.org"}, {"account", "A7"}});
  town.visitor("3", {{"phone", "+447700900123"}});
  town.visitor("4", {{"email", "brook@example.net"}, {"phone", "+441632960001"}});
  town.visitor("5", {Identity{"phone", "+441632960001"}});
  town.visitor("6", {{"device", "d1"}});
  town.visitor("7", {{"email", "ada@example.com"}}, "2");
  return town;
}

}  // namespace

TEST_CASE("strong identities are followed to every row of the person") {
  const auto found = ada_and_brook().ask({"email", "ada@example.com"});
  CHECK(found.outcome == ClosureOutcome::found);
  CHECK(ids(found.rows) == Ids{"1", "2", "3"});
  CHECK(ids(found.unlinked) == Ids{"4", "5"});
}

TEST_CASE("any of the person's strong identities leads to the same rows") {
  const auto town = ada_and_brook();
  CHECK(ids(town.ask({"email", "ada.work@example.org"}).rows) == Ids{"1", "2", "3"});
  CHECK(ids(town.ask({"account", "A7"}).rows) == Ids{"1", "2", "3"});
  CHECK(ids(town.ask({"visitor", "2"}).rows) == Ids{"1", "2", "3"});
}

TEST_CASE("a weak identity that several people claim is ambiguous and joins nobody") {
  const auto found = ada_and_brook().ask({"phone", "+441632960001"});
  CHECK(found.outcome == ClosureOutcome::several_people);
  CHECK(found.rows.empty());
  const auto listed = ids(found.unlinked);
  CHECK(std::find(listed.begin(), listed.end(), "4") != listed.end());
  CHECK(std::find(listed.begin(), listed.end(), "5") != listed.end());
}

TEST_CASE("a weak identity of one person alone finds that person") {
  const auto found = ada_and_brook().ask({"phone", "+447700900123"});
  CHECK(found.outcome == ClosureOutcome::found);
  CHECK(ids(found.rows) == Ids{"1", "2", "3"});
}

TEST_CASE("identities that mean two people are refused, not made one person") {
  const auto town = ada_and_brook();
  const auto ask = [&](std::vector<Identity> asked) {
    return close_identities(town.map, {std::move(asked), {}, "1", true, {}}, town.lookup());
  };
  const auto two =
      ask({Identity{"email", "ada@example.com"}, Identity{"email", "brook@example.net"}});
  CHECK(two.outcome == ClosureOutcome::several_people);
  CHECK(two.rows.empty());
  const auto one =
      ask({Identity{"email", "ada@example.com"}, Identity{"email", "ada.work@example.org"}});
  CHECK(ids(one.rows) == Ids{"1", "2", "3"});
  const auto with_weak =
      ask({Identity{"email", "ada@example.com"}, Identity{"phone", "+441632960001"}});
  CHECK(ids(with_weak.rows) == Ids{"1", "2", "3"});
  CHECK(ids(with_weak.unlinked) == Ids{"4", "5"});
}

TEST_CASE("the officer may vouch for a row that nobody has for certain") {
  const auto town = ada_and_brook();
  CHECK(ids(town.ask({"email", "ada@example.com"}, {Identity{"visitor", "5"}}).rows) ==
        Ids{"1", "2", "3", "5"});
  SUBCASE("by what they share, which still takes no row of another person") {
    const auto found = town.ask({"email", "ada@example.com"}, {Identity{"phone", "+441632960001"}});
    CHECK(ids(found.rows) == Ids{"1", "2", "3", "5"});
    CHECK(ids(found.unlinked) == Ids{"4"});
  }
}

TEST_CASE("a device joins no rows, though it can be asked for") {
  const auto town = ada_and_brook();
  const auto ada = town.ask({"email", "ada@example.com"});
  CHECK(ids(ada.rows) == Ids{"1", "2", "3"});
  const auto device = town.ask({"device", "d1"});
  CHECK(device.outcome == ClosureOutcome::found);
  CHECK(ids(device.rows) == Ids{"1", "2", "3", "6"});
}

TEST_CASE("a person in two tenants is two people, and one must be chosen") {
  const auto town = ada_and_brook();
  const auto found = town.ask({"email", "ada@example.com"}, {}, "");
  CHECK(found.outcome == ClosureOutcome::several_tenants);
  CHECK(found.tenants == Ids{"1", "2"});
  CHECK(ids(town.ask({"email", "ada@example.com"}, {}, "2").rows) == Ids{"7"});
}

TEST_CASE("an agent and a visitor with one email are not taken for one person") {
  Town town;
  town.visitor("1", {{"email", "sam@example.com"}});
  town.visitor("9", {{"email", "sam@example.com"}}, "1", "agent");
  CHECK(town.ask({"email", "sam@example.com"}).outcome == ClosureOutcome::several_kinds);
  const auto chosen = town.ask({"email", "sam@example.com"}, {}, "1", "visitor");
  CHECK(chosen.outcome == ClosureOutcome::found);
  CHECK(ids(chosen.rows) == Ids{"1"});
  CHECK(ids(chosen.unlinked) == Ids{"9"});
}

TEST_CASE("rows known by a weak identity alone are one subject where nobody distinct has it") {
  Town town;
  town.visitor("1", {{"phone", "+1"}});
  town.visitor("2", {{"phone", "+1"}});
  CHECK(ids(town.ask({"phone", "+1"}).rows) == Ids{"1", "2"});
}

TEST_CASE("a weakly joined row leads no further by its other weak identities") {
  Town town;
  town.visitor("1", {{"email", "a@example.com"}, {"phone", "+1"}});
  town.visitor("2", {{"phone", "+1"}, {"phone", "+2"}});
  town.visitor("3", {{"phone", "+2"}});
  CHECK(ids(town.ask({"email", "a@example.com"}).rows) == Ids{"1", "2"});
}

TEST_CASE("a row whose other weak identity another person claims is left out") {
  Town town;
  town.visitor("1", {{"email", "a@example.com"}, {"phone", "+1"}});
  town.visitor("2", {{"phone", "+1"}, {"phone", "+2"}});
  town.visitor("3", {{"email", "c@example.com"}, {"phone", "+2"}});
  const auto found = town.ask({"email", "a@example.com"});
  CHECK(ids(found.rows) == Ids{"1"});
  REQUIRE(found.unlinked.size() == 1);
  CHECK(found.unlinked.front().why == LeftOut::claimed);
}

TEST_CASE("nobody is found where nobody has the identity") {
  CHECK(ada_and_brook().ask({"email", "nobody@example.com"}).outcome == ClosureOutcome::nobody);
}

TEST_CASE("every row of a closure says why it is there") {
  const auto found = ada_and_brook().ask({"email", "ada@example.com"});
  REQUIRE(found.rows.size() == 3);
  CHECK(reason(found.rows[0], 0) == "asked for by email");
  CHECK(reason(found.rows[1], 1) == "same account as row 1");
  CHECK(reason(found.rows[2], 2) == "same phone as row 1, which nobody else claims");
}

TEST_CASE("no identities are looked up twice for one person") {
  Town town;
  town.visitor("1", {{"email", "ada@example.com"}, {"phone", "+31612345678"}});
  town.visitor("2", {{"email", "ada@example.com"}, {"account", "7"}});
  std::vector<std::vector<Identity>> asked;
  const auto ask = town.lookup();
  const auto closure =
      close_identities(town.map, {{{"email", "ada@example.com"}}, {}, "1", true, {}},
                       [&](const std::vector<Identity>& identities, const std::string& tenant) {
                         asked.push_back(identities);
                         return ask(identities, tenant);
                       });
  CHECK(ids(closure.rows) == std::vector<std::string>{"1", "2"});
  CHECK(std::set<std::vector<Identity>>(asked.begin(), asked.end()).size() == asked.size());
}
