#include "core/tenant_removal.hpp"

#include <algorithm>
#include <set>

namespace dsar {

bool removes_tenant(const RetentionRule& rule) {
  return rule.action == RuleAction::delete_row && rule.categories.contains(DataCategory::account) &&
         rule.categories.contains(DataCategory::conversation);
}

std::vector<SweepLine> removals(const std::vector<SweepLine>& lines,
                                const std::vector<SetSchedule>& schedule) {
  std::set<std::pair<std::string, std::string>> removing;
  for (const auto& one : schedule) {
    if (one.whole && removes_tenant(*one.whole->rule->rule))
      removing.emplace(one.tenant->slug, one.whole->rule->rule->id);
  }
  std::vector<SweepLine> found;
  for (const auto& line : lines) {
    if (line.due > 0 && removing.contains({line.tenant, line.rule})) found.push_back(line);
  }
  return found;
}

std::vector<std::string> tenants_of(const std::vector<SweepLine>& lines) {
  std::set<std::string> slugs;
  for (const auto& line : lines) slugs.insert(line.tenant);
  return {slugs.begin(), slugs.end()};
}

}  // namespace dsar
