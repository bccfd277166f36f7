#include "core/policy_map_check.hpp"

#include <string>
#include <utility>

namespace dsar {
namespace {

using Entries = std::vector<const PolicyEntry*>;

/// Adds the policy of that name to `entries`, or a finding.
void take(const std::string& id, const Location& where, const PolicyCatalogue& policies,
          Entries& entries, std::vector<Finding>& findings) {
  if (const PolicyEntry* const entry = policies.find(id)) {
    entries.push_back(entry);
    return;
  }
  findings.push_back({"unknown-policy", Severity::error, id, "there is no policy of this name",
                      "dsarctl policy list names them; --policy adds own ones.", where});
}

/// The policies that the map's tenants can live under.
Entries policies_of(const DataMap& map, const PolicyCatalogue& policies,
                    std::vector<Finding>& findings) {
  Entries entries;
  if (!map.policy.empty()) {
    const std::string file = map.files.empty() ? std::string() : map.files.front();
    take(map.policy, {file, "/policy", 0, 0}, policies, entries, findings);
  }
  if (!map.tenants || !map.tenants->policy) return entries;
  const Location names = within(map.tenants->where, "policy_names");
  for (const auto& [stored, id] : map.tenants->policy_names) {
    take(id, within(names, stored), policies, entries, findings);
  }
  if (map.tenants->policy_names.empty()) {
    for (const PolicyEntry& each : policies.entries()) entries.push_back(&each);
  }
  return entries;
}

/// Why the policy does not allow the override, or nothing.
std::string refusal(const Policy& policy, const TenantOverride& wanted) {
  RuleOverride change;
  change.rule = wanted.rule;
  change.reason = wanted.reason;
  if (wanted.expression) {
    // The database says how long, and a recorded request is what it is there for; the shortest
    // period shows whether there is any that the clause allows.
    change.period = Period::days(1);
    change.reason = "as the database has it";
  } else {
    change.period = parse_period(wanted.period).value_or(Period());
  }
  std::vector<std::string> refused;
  static_cast<void>(effective_rules(policy, {change}, refused));
  return refused.empty() ? std::string() : refused.front();
}

void check_override(const TenantOverride& wanted, const Entries& entries,
                    std::vector<Finding>& findings) {
  std::string why;
  for (const PolicyEntry* const entry : entries) {
    std::string refused = refusal(entry->policy, wanted);
    if (refused.empty()) return;
    // A policy that has the rule says more than one that has not.
    if (why.empty() || find_rule(entry->policy, wanted.rule) != nullptr) why = std::move(refused);
  }
  if (why.empty()) return;
  findings.push_back({"bad-override", Severity::error,
                      wanted.tenant.empty() ? wanted.rule : wanted.tenant + "." + wanted.rule,
                      std::move(why), "No policy that the map names allows this period.",
                      wanted.where});
}

}  // namespace

std::vector<Finding> check_policies(const DataMap& map, const PolicyCatalogue& policies) {
  std::vector<Finding> findings;
  const Entries entries = policies_of(map, policies, findings);
  for (const TenantOverride& each : map.overrides) check_override(each, entries, findings);
  return findings;
}

}  // namespace dsar
