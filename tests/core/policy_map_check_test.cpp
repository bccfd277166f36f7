#include "core/policy_map_check.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace dsar;
using Lines = std::vector<std::string>;

TenantOverride change(const char* tenant, const char* rule, const char* period) {
  TenantOverride result;
  result.tenant = tenant;
  result.rule = rule;
  result.period = period;
  result.reason = "asked for it";
  return result;
}

/// A map whose tenants live under these policies; none: under any.
DataMap map_of(const std::vector<std::string>& policies) {
  DataMap map;
  map.files = {"map.json"};
  map.tenants.emplace();
  map.tenants->where = {"map.json", "/tenants", 4, 0};
  map.tenants->policy = SqlFragment{"policy", {}};
  for (const std::string& id : policies) map.tenants->policy_names.emplace("stored " + id, id);
  return map;
}

/// `rule subject: message`
Lines findings_of(const DataMap& map) {
  Lines lines;
  for (const Finding& each : check_policies(map, PolicyCatalogue())) {
    lines.push_back(each.rule + " " + each.subject + ": " + each.message);
  }
  return lines;
}

const std::string retention =
    "rule 'chat' (OmniOps Privacy Policy (version 3.0, 20 February 2026), Data Retention): ";

}  // namespace

TEST_CASE("a policy that a map names and nobody knows is a finding at its place") {
  DataMap map = map_of({"omniops", "omnipos"});
  map.policy = "visitor-chat";
  const auto findings = check_policies(map, PolicyCatalogue());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].rule == "unknown-policy");
  CHECK(findings[0].subject == "visitor-chat");
  CHECK(findings[0].where.pointer == "/policy");
  CHECK(findings[1].subject == "omnipos");
  CHECK(findings[1].where.pointer == "/tenants/policy_names/stored omnipos");
  CHECK(findings[1].where.line == 4);
}

TEST_CASE("an own policy is as good as a built-in one") {
  DataMap map;
  map.policy = "acme";
  PolicyCatalogue policies;
  CHECK(check_policies(map, policies).size() == 1);
  PolicyEntry entry = policies.named("omniops");
  entry.policy.id = "acme";
  policies.add(entry);
  CHECK(check_policies(map, policies).empty());
}

TEST_CASE("a period that the map's policy does not allow is a finding that names the clause") {
  DataMap map = map_of({"omniops"});
  map.overrides = {change("harbour", "chat", "30 days"), change("acme", "chat", "1 year")};
  CHECK(findings_of(map) ==
        Lines{"bad-override acme.chat: " + retention +
              "only shorter periods are allowed, and 1 year can be longer than '90 days'"});
}

TEST_CASE("a period passes where any policy that the tenant can live under allows it") {
  DataMap map = map_of({"visitorchat", "web1on1"});
  map.overrides = {change("acme", "conversation", "5 years"), change("acme", "chat", "1 day"),
                   change("acme", "minimum", "1 day")};
  const Lines lines = findings_of(map);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "bad-override acme.chat: the policy 'visitorchat' has no rule 'chat'");
  CHECK(lines[1].find("bad-override acme.minimum: rule 'minimum' (Visitor Chat US") == 0);

  map = map_of({});
  map.overrides = {change("acme", "conversation", "5 years"), change("acme", "chat", "1 day")};
  CHECK(findings_of(map).empty());
}

TEST_CASE("a period that the database gives needs a rule that allows one") {
  DataMap map = map_of({"omniops"});
  TenantOverride stored;
  stored.expression = SqlFragment{"retention_days", {}};
  stored.unit = "days";
  stored.rule = "chat";
  map.overrides = {stored};
  CHECK(findings_of(map).empty());
  map.overrides.front().rule = "audit-log";
  CHECK(findings_of(map).size() == 1);
  map.overrides.front().rule = "chats";
  CHECK(findings_of(map) ==
        Lines{"bad-override chats: the policy 'omniops' has no rule 'chats'; did you mean "
              "'chat'?"});
}
