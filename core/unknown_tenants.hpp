#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/finding.hpp"
#include "core/policy_catalogue.hpp"

namespace dsar {

/// A period that the map, or a policy's file, sets for a tenant that is not there, or that lives
/// under another policy than the file's: a slip would otherwise leave the rule's own period in
/// force without a word.
struct PeriodOfNobody {
  std::string tenant;  ///< the slug
  std::string rule;
  std::string policy;  ///< of the tenant, where that is the slip; empty: there is no such tenant
  std::string source;  ///< file, line and pointer
  Location where;      ///< in the map; of a policy's file the file alone
};

/// `tenants`: the policy's id by slug, of all that the database has; empty: it has none.
std::vector<PeriodOfNobody> periods_of_nobody(const DataMap& map, const PolicyCatalogue& policies,
                                              const std::map<std::string, std::string>& tenants);

/// One line without a full stop.
std::string to_text(const PeriodOfNobody& period);

/// The same as findings, `unknown-tenant` and `tenant-of-other-policy`.
std::vector<Finding> findings_of(const std::vector<PeriodOfNobody>& periods);

}  // namespace dsar
