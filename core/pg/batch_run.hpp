#pragma once

#include <cstdint>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "core/pg/connection.hpp"
#include "core/sweep_steps.hpp"

namespace dsar::pg {

/// What a batch did, by record set and tenant key.
using BatchCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

inline std::uint64_t rows_of(const BatchCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t rows, const auto& one) { return rows + one.second; });
}

/// The right to work in batches, and what every batch leaves on record.
class BatchRun {
 public:
  BatchRun() = default;
  BatchRun(const BatchRun&) = delete;
  BatchRun& operator=(const BatchRun&) = delete;
  virtual ~BatchRun() = default;

  /// Among the first statements of a batch's transaction, on any connection: gives a row, and locks
  /// it, while the run may go on.
  [[nodiscard]] virtual SqlStatement fence() const = 0;
  /// Throws Error (locked) when the fence has given no row.
  virtual void heed(const Result& fence) const = 0;

  /// What holds the right to run is still there; throws Error (database) otherwise.
  virtual void check_alive() = 0;

  /// Where the keys of objects outside the database are noted.
  [[nodiscard]] virtual ObjectNotes notes() const = 0;

  /// Whether what a batch did is kept in its own transaction, by count().
  [[nodiscard]] virtual bool counts() const = 0;
  /// In the batch's transaction, at its end: what it did to the pass's rows and those that went
  /// with them.
  virtual void count(Connection& worker, const SweepPass& pass, const BatchCounts& counts) = 0;
};

}  // namespace dsar::pg
