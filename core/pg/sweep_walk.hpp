#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "core/pg/connection.hpp"
#include "core/sweep_rows.hpp"

/// How a sweep gets through a table: piece by piece, each looked at once, whatever stays in it.
namespace dsar::pg {

/// The pieces of a table, in an order of its own. Not for several threads at once.
class Walk {
 public:
  Walk() = default;
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  virtual ~Walk() = default;

  /// The next piece of about `rows` rows, found out over `connection`; nothing at the end.
  virtual std::optional<Scope> next(Connection& connection, std::size_t rows) = 0;
  /// Lets a connection that is idle find out the next piece already: it is busy until next() has
  /// been called again, or the walk is gone. Where there is nothing to gain it is left alone.
  virtual void look_ahead(Connection& /*idle*/, std::size_t /*rows*/) {}
  /// Several connections may work on its pieces side by side.
  [[nodiscard]] virtual bool shared() const { return true; }
};

/// Chooses by what the planner can do:
/// - ranges over (clock, key) where an index gives them in that order: what is due, in the order of
///   its age, with the lower bound advancing past held rows and dead index entries;
/// - a few rows at a time where few are due or they are found by keys;
/// - blocks of the table, each read once: needs no index, is never quadratic.
/// Foreign tables have ranges of the clock alone. `due`: how many rows the plan counted.
std::unique_ptr<Walk> plan_walk(Connection& connection, const SweepWorld& world,
                                const SweepPass& pass, std::uint64_t due, std::size_t rows);

/// Whether the planner finds rows of the pass by an index on the clock; nothing for tables so small
/// that it does not matter.
std::optional<bool> clock_index_is_used(Connection& connection, const SweepWorld& world,
                                        const SweepPass& pass);

}  // namespace dsar::pg
