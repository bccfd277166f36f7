#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/sweep_plan.hpp"
#include "core/pg/sweep_schedule.hpp"
#include "core/sweep_conditions.hpp"
#include "core/unknown_tenants.hpp"

namespace dsar::cmd {

/// Everything that a schedule is made of: the map, the catalogue, the tenants under their
/// policies, what is held.
struct ScheduleReading {
  /// Reads all of it over `connection`, in a read-only transaction of its own. Throws Error
  /// (usage) where an override is refused, a policy unknown or the map invalid.
  ScheduleReading(const Context& context, pg::Connection& connection);
  /// The same with other policies than the context's.
  ScheduleReading(const Context& context, pg::Connection& connection, PolicyCatalogue known);

  /// Plans anew without the rules that remove whole tenants, where these are due: the tenants'
  /// rows then go by their other rules alone.
  void keep_whole_tenants(Instant now);

  /// As the statements want it; refers to this.
  [[nodiscard]] SweepWorld world() const;

  DataMap map;
  PolicyCatalogue policies;
  Catalogue catalogue;
  pg::ScheduledTenants tenants;
  std::vector<SetSchedule> schedule;
  std::map<std::string, ClockType> clock_types;
  UnseenSets unseen;
  std::vector<PeriodOfNobody> of_nobody;  ///< periods that are in force for nobody
  Held held;
};

/// Leaves of the schedule the tenants that live under the policy, or of these the one of that slug.
/// Throws Error (usage) where that does not exist or lives under another.
void keep_tenants(ScheduleReading& reading, const std::string& policy, const std::string& slug);

/// What --tenant, and the rule and record set that were asked for, leave of it. Throws Error
/// (usage) where there is none such.
pg::SweepFilter filter_of(const std::string& rule, const std::string& set, const Context& context,
                          const ScheduleReading& reading);

/// Warns of periods and tenants that the schedule has no use for.
void add_warnings(SweepResult& result, const ScheduleReading& reading);

/// Counts what is due now, in a snapshot of its own.
pg::SweepPlan count_due(pg::Connection& connection, const ScheduleReading& reading,
                        const Context& context, const pg::SweepFilter& filter,
                        const pg::SweepProgress& progress = {},
                        const pg::CountingBeside& beside = {});

}  // namespace dsar::cmd
