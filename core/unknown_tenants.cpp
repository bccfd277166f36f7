#include "core/unknown_tenants.hpp"

namespace dsar {

std::vector<PeriodOfNobody> periods_of_nobody(const DataMap& map, const PolicyCatalogue& policies,
                                              const std::map<std::string, std::string>& tenants) {
  const auto is_nobody = [&](const std::string& slug) {
    return !slug.empty() && !tenants.contains(slug);
  };
  std::vector<PeriodOfNobody> found;
  for (const auto& one : map.overrides) {
    if (is_nobody(one.tenant))
      found.push_back(
          {one.tenant, one.rule, "",
           one.where.file + ":" + std::to_string(one.where.line) + ": " + one.where.pointer,
           one.where});
  }
  for (const auto& entry : policies.entries()) {
    for (const auto& one : entry.periods) {
      const auto tenant = tenants.find(one.tenant);
      // One without a known policy is told as such.
      const bool lives_elsewhere =
          tenant != tenants.end() && !tenant->second.empty() && tenant->second != entry.policy.id;
      if (!is_nobody(one.tenant) && !lives_elsewhere) continue;
      found.push_back(
          {one.tenant, one.change.rule, lives_elsewhere ? tenant->second : "", one.change.source,
           within({.file = entry.file, .pointer = {}, .line = 0, .column = 0}, "overrides")});
    }
  }
  return found;
}

std::string to_text(const PeriodOfNobody& period) {
  return "the period of rule " + period.rule + " is set for tenant '" + period.tenant +
         "', which " +
         (period.policy.empty() ? "the database does not have"
                                : "lives under policy " + period.policy) +
         ": " + period.source;
}

std::vector<Finding> findings_of(const std::vector<PeriodOfNobody>& periods) {
  FindingList findings;
  for (const auto& period : periods) {
    const auto subject = period.tenant + "." + period.rule;
    if (period.policy.empty())
      findings.add("unknown-tenant", subject,
                   "a period is set for a tenant that the database does not have",
                   "Correct the tenant's slug, or take the period out.", period.where);
    else
      findings.add("tenant-of-other-policy", subject,
                   "a period is set for a tenant that lives under policy " + period.policy,
                   "Set it in a file that extends that policy, or take it out.", period.where);
  }
  return findings.take();
}

}  // namespace dsar
