#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/pg/subject.hpp"
#include "core/policy_catalogue.hpp"
#include "core/schedule.hpp"
#include "core/sweep_conditions.hpp"

/// What a schedule is made from, as the database has it. All functions expect an open Transaction.
namespace dsar::pg {

struct ScheduledTenants {
  std::vector<SweepTenant> tenants;
  std::vector<std::string> refused;    ///< overrides that the policies do not allow
  std::vector<std::string> no_policy;  ///< slugs of tenants that live under no known policy
};

/// Every tenant with its policy, zone, events and overrides, the map's and the policy files'.
/// Throws Error (usage) for a policy, a zone or a period that the database names and nobody knows,
/// (partial) where the role cannot see all of it: then nothing is known of what is due.
ScheduledTenants read_scheduled_tenants(Connection& connection, const DataMap& map,
                                        const Catalogue& catalogue,
                                        const PolicyCatalogue& policies);

/// The types of the clocks and of the events' dates of the map's sets, as SweepWorld wants them.
/// Sets of which the table, the clock or an event cannot be read are left out and noted.
std::map<std::string, ClockType> read_clock_types(Connection& connection, const DataMap& map,
                                                  const Catalogue& catalogue,
                                                  std::vector<CannotSee>& cannot_see);

}  // namespace dsar::pg
