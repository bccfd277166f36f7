#pragma once

#include <map>

#include "core/next_due.hpp"
#include "core/pg/connection.hpp"

namespace dsar::pg {

/// The oldest row of a record set and tenant that is not due yet.
struct NotDueYet {
  ClockValue oldest;
  std::optional<Instant> due;  ///< when it falls due, unless something renews it
};

/// Of those among `schedules` that have such rows. Sets that cannot be read are left out. Expects
/// an open read-only Transaction.
std::map<const SetSchedule*, NotDueYet> read_next_due(
    Connection& connection, const SweepWorld& world,
    const std::vector<const SetSchedule*>& schedules);

}  // namespace dsar::pg
