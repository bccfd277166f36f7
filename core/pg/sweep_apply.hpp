#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "core/pg/batch_run.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/sweep_plan.hpp"

/// Carrying a planned sweep out, batch by batch.
namespace dsar::pg {

struct SweepLimits {
  std::size_t jobs = 1;
  std::size_t batch_rows = 5000;                      ///< at first
  std::chrono::milliseconds batch_time{45};           ///< what a transaction should take
  std::optional<std::uint64_t> max_rows = {};         ///< deleted and masked, in all
  std::optional<std::chrono::seconds> max_time = {};  ///< of the whole run
  std::optional<std::chrono::seconds> max_lag = {};   ///< of the slowest standby
  std::chrono::milliseconds lock_timeout{2000};
  std::chrono::milliseconds statement_timeout{60000};
  bool drop_empty = false;  ///< expired partitions are dropped where the role owns them
  int attempts = 5;         ///< of a batch that meets a deadlock, a serialization failure or a lock
};

/// Why a run ended before everything was done; none: it was.
enum class EndedBy { done, rows, time, stopped };

struct SweepWork {
  Connection& control;   ///< holds the run's lock
  ConnectionPool& pool;  ///< of the connections that delete
  BatchRun& run;
  const SweepWorld& world;
  const SweepLimits& limits;
  Instant now;
  std::string hash_key;  ///< for keyed hashes; empty: none
  std::stop_token stop;
  SweepProgress progress;
  /// After each batch, never by two threads at once: rows deleted and masked so far.
  std::function<void(std::uint64_t rows)> gone;
  /// No batch begins until standbys have caught up: how far the slowest is behind, half a second
  /// apart; nothing once they have.
  std::function<void(std::optional<std::chrono::milliseconds> lag)> waiting = {};
};

/// Does what the plan found due, and writes into its lines what was deleted, masked and failed.
/// What holds, races and blocks left is for another plan to count. Throws Error (database, locked)
/// where the run cannot go on at all.
EndedBy apply_sweep(const SweepWork& work, SweepPlan& plan);

}  // namespace dsar::pg
