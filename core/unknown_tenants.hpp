#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/finding.hpp"
#include "core/policy_catalogue.hpp"

namespace dsar {

/// A period that the map, or a policy's file, sets for a tenant that is not there: a slip in a slug
/// would otherwise leave the rule's own period in force without a word.
struct PeriodOfNobody {
  std::string tenant;  ///< the slug
  std::string rule;
  std::string source;  ///< file, line and pointer
  Location where;      ///< in the map; of a policy's file the file alone
};

/// `slugs`: of all tenants that the database has.
std::vector<PeriodOfNobody> periods_of_nobody(const DataMap& map, const PolicyCatalogue& policies,
                                              const std::set<std::string>& slugs);

/// One line without a full stop.
std::string to_text(const PeriodOfNobody& period);

/// The same as findings, `unknown-tenant`.
std::vector<Finding> findings_of(const std::vector<PeriodOfNobody>& periods);

}  // namespace dsar
