#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/pg/connection_pool.hpp"
#include "core/pg/renewable.hpp"
#include "core/pg/sweep_partitions.hpp"
#include "core/sweep_passes.hpp"
#include "core/sweep_result.hpp"
#include "core/sweep_sight.hpp"

/// Counting what a sweep would do, in one snapshot and without writing.
namespace dsar::pg {

/// Narrows a sweep; empty: everything.
struct SweepFilter {
  std::string tenant;  ///< slug
  std::string rule;
  std::string set;
};

/// A pass with what was counted for it.
struct PlannedPass {
  SweepPass pass;
  std::uint64_t due = 0;                 ///< with the rows that go along and those in `leaves`
  std::vector<ExpiredLeaf> leaves = {};  ///< partitions to be emptied whole, first
  std::string refused = {};              ///< why none of it may be done; empty: it may
};

struct SweepPlan {
  std::vector<PlannedPass> events;  ///< first; by their keys
  std::vector<PlannedPass> passes;  ///< then these, in order
  std::vector<const SetSchedule*> renewed;
  SweepResult result;
};

/// Called before each record set, for progress; may throw to stop.
using SweepProgress = std::function<void(const std::string& set)>;

/// What counts beside the connection that asks.
struct CountingBeside {
  ConnectionPool* pool = nullptr;  ///< may be none where no connections are wanted of it
  std::size_t connections = 0;
  bool little_due = false;  ///< as after a sweep: what would go along is not counted ahead
};

struct SweepQuestion {
  const SweepWorld& world;
  Instant now;
  const SweepFilter& filter;
  const UnseenSets& unseen;
  const SweepProgress& progress;
  CountingBeside beside = {};
};

/// Expects an open read-only Transaction. What cannot be read, `unseen` and what turns out while
/// counting, is told in the result and not planned.
SweepPlan plan_sweep(Connection& connection, const SweepQuestion& question);

}  // namespace dsar::pg
