#include "core/policy_catalogue.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/policies/builtin.hpp"

namespace dsar {

PolicyCatalogue::PolicyCatalogue() {
  for (const Policy& policy : builtin_policies()) entries_.push_back({.policy = policy});
}

void PolicyCatalogue::add(PolicyEntry entry) {
  const auto same = std::find_if(entries_.begin(), entries_.end(), [&](const PolicyEntry& each) {
    return each.policy.id == entry.policy.id;
  });
  if (same == entries_.end()) {
    entries_.push_back(std::move(entry));
  } else {
    *same = std::move(entry);
  }
}

const PolicyEntry* PolicyCatalogue::find(std::string_view id) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const PolicyEntry& each) { return each.policy.id == id; });
  return found == entries_.end() ? nullptr : &*found;
}

const PolicyEntry& PolicyCatalogue::named(std::string_view id) const {
  if (const PolicyEntry* const entry = find(id)) return *entry;
  std::string known;
  for (const PolicyEntry& each : entries_) known += (known.empty() ? "" : ", ") + each.policy.id;
  throw Error(ExitCode::usage, "there is no policy of that name",
              "The policies are " + known + ".");
}

std::vector<RuleOverride> overrides_for(const PolicyEntry& entry, std::string_view tenant) {
  std::vector<RuleOverride> result;
  for (const FilePeriod& each : entry.periods) {
    if (each.tenant.empty() || each.tenant == tenant) result.push_back(each.change);
  }
  return result;
}

std::vector<const RetentionRule*> rules_left_open(const PolicyEntry& entry) {
  std::vector<const RetentionRule*> result;
  for (const RetentionRule& rule : entry.policy.rules) {
    const bool set = std::any_of(
        entry.periods.begin(), entry.periods.end(),
        [&](const FilePeriod& each) { return each.tenant.empty() && each.change.rule == rule.id; });
    if (rule.period.kind() == PeriodKind::not_stated && !set) result.push_back(&rule);
  }
  return result;
}

}  // namespace dsar
