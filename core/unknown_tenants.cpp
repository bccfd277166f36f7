#include "core/unknown_tenants.hpp"

namespace dsar {

std::vector<PeriodOfNobody> periods_of_nobody(const DataMap& map, const PolicyCatalogue& policies,
                                              const std::set<std::string>& slugs) {
  const auto is_nobody = [&](const std::string& slug) {
    return !slug.empty() && !slugs.contains(slug);
  };
  std::vector<PeriodOfNobody> found;
  for (const auto& one : map.overrides) {
    if (is_nobody(one.tenant))
      found.push_back(
          {one.tenant, one.rule,
           one.where.file + ":" + std::to_string(one.where.line) + ": " + one.where.pointer,
           one.where});
  }
  for (const auto& entry : policies.entries()) {
    for (const auto& one : entry.periods) {
      if (is_nobody(one.tenant))
        found.push_back(
            {one.tenant, one.change.rule, one.change.source,
             within({.file = entry.file, .pointer = {}, .line = 0, .column = 0}, "overrides")});
    }
  }
  return found;
}

std::string to_text(const PeriodOfNobody& period) {
  return "the period of rule " + period.rule + " is set for tenant '" + period.tenant +
         "', which the database does not have: " + period.source;
}

std::vector<Finding> findings_of(const std::vector<PeriodOfNobody>& periods) {
  FindingList findings;
  for (const auto& period : periods)
    findings.add("unknown-tenant", period.tenant + "." + period.rule,
                 "a period is set for a tenant that the database does not have",
                 "Correct the tenant's slug, or take the period out.", period.where);
  return findings.take();
}

}  // namespace dsar
