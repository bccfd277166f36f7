#pragma once

#include "core/sweep_conditions.hpp"

/// Clocks that an event starts anew.
namespace dsar {

/// The rows whose clock an event may renew: key columns, the clock, the date that was kept of them
/// (with `kept`), and all of the event's dates after the clock as an array; of those whose own
/// clock lies before the cut-off and that are neither masked nor protected.
SqlStatement renewable_statement(const SweepWorld& world, const SetSchedule& schedule);

}  // namespace dsar
