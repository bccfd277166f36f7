#pragma once

#include "core/pg/connection.hpp"
#include "core/pg/sweep_plan.hpp"
#include "core/sweep_conditions.hpp"
#include "core/sweep_result.hpp"

namespace dsar::cmd {

/// Warns of clocks that no index serves, and of references that a delete would have to search for,
/// each with the CREATE INDEX to run.
void add_missing_indexes(pg::Connection& connection, const SweepWorld& world,
                         const pg::SweepPlan& plan, SweepResult& result);

}  // namespace dsar::cmd
