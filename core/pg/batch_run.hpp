#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/pg/connection.hpp"
#include "core/sweep_steps.hpp"

namespace dsar::pg {

/// What a batch did, by record set and tenant key.
using BatchCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

/// The right to work in batches, and what every batch leaves on record.
class BatchRun {
 public:
  BatchRun() = default;
  BatchRun(const BatchRun&) = delete;
  BatchRun& operator=(const BatchRun&) = delete;
  virtual ~BatchRun() = default;

  /// In a batch's transaction on any connection: throws Error (locked) when the run is over.
  virtual void fence(Connection& worker) const = 0;

  /// What holds the right to run is still there; throws Error (database) otherwise.
  virtual void check_alive() = 0;

  /// Where the keys of objects outside the database are noted.
  [[nodiscard]] virtual ObjectNotes notes() const = 0;

  /// In the batch's transaction, at its end: what it did to the pass's rows and those that went
  /// with them.
  virtual void count(Connection& worker, const SweepPass& pass, const BatchCounts& counts) = 0;
};

}  // namespace dsar::pg
