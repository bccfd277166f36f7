#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/retention_clock.hpp"
#include "core/sweep_conditions.hpp"

/// Partitions that are emptied whole, because everything in them has expired.
namespace dsar::pg {

/// A leaf of a partitioned table.
struct ExpiredLeaf {
  TableName name;
  std::string bound;  ///< as PostgreSQL writes it: FOR VALUES FROM ('…') TO ('…')
  std::string from;   ///< its ends; empty: MINVALUE
  std::string to;     ///< empty: MAXVALUE
  std::string type;   ///< of the ends
  std::uint64_t rows = 0;
  bool estimated = true;                 ///< by the server's statistics, or else counted
  std::optional<ClockValue> upper = {};  ///< the upper end on the set's clock
};

/// The oldest leaves of the pass's table, but for empty ones, of which every row is due: the
/// partition key is the clock, the upper bound lies at or before the cut-off of every tenant that
/// has rows in it, and nothing in the map, the catalogue or the holds speaks for looking at rows
/// one by one (a second record set, a predicate, a ground, objects, rows that go along, keys that
/// refer to the table, triggers, masks, a default partition). Empty where that does not hold.
std::vector<ExpiredLeaf> expired_leaves(Connection& connection, const SweepWorld& world,
                                        const SweepPass& pass);

/// Waits for the leaf until the lock timeout, or throws ServerError (55P03) at once.
enum class LeafLock { wait, at_once };

/// Inside a batch's transaction: locks the leaf, looks once more that nothing in it is held or
/// belongs to others, and empties it, or drops it where `drop` is asked for and the role owns it.
/// Gives the rows that were in it by tenant key; nothing where it may not be emptied after all.
std::optional<std::map<std::string, std::uint64_t>> empty_leaf(Connection& connection,
                                                               const SweepWorld& world,
                                                               const SweepPass& pass,
                                                               const ExpiredLeaf& leaf,
                                                               LeafLock lock, bool drop);

}  // namespace dsar::pg
