#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/sweep_passes.hpp"

namespace dsar::pg {

/// The rows of which the later event decides (SetSchedule::renewed) and that are due: keys as in
/// renewable_statement.
struct Renewable {
  std::vector<std::vector<std::string>> due;
  std::uint64_t undated = 0;
  std::string oldest;
  /// Of each row that is not due: its key as PostgreSQL writes the array, and the date to keep.
  std::vector<std::pair<std::string, Instant>> kept;
};

Renewable read_renewable(Connection& connection, const SweepWorld& world,
                         const SetSchedule& schedule, Instant now);

}  // namespace dsar::pg
