#pragma once

#include <vector>

#include "core/effective_rules.hpp"
#include "core/map/data_map.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/subject.hpp"
#include "core/policy_catalogue.hpp"

namespace dsar::pg {

/// The policy's rules as they hold for this one tenant, with the periods that the map, the database
/// and the policy's file set for it. What cannot be read, is no period, or is not allowed by the
/// policy is not in force. Expects an open Transaction, which goes on whatever the server says.
std::vector<EffectiveRule> rules_in_force(Connection& connection, const DataMap& map,
                                          const PolicyEntry& policy, const Tenant& tenant);

}  // namespace dsar::pg
