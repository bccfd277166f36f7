#pragma once

#include <vector>

#include "core/finding.hpp"
#include "core/policy_catalogue.hpp"

namespace dsar {

/// The data map against the policies that its tenants can live under: `unknown-policy` for one that
/// does not exist, `bad-override` for a period that none of them allows. Which policy a tenant
/// really lives under is in the database; a period is let through where one of them allows it.
std::vector<Finding> check_policies(const DataMap& map, const PolicyCatalogue& policies);

}  // namespace dsar
