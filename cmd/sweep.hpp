#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

struct SweepOptions {
  bool apply = false;
  std::string rule;
  std::string set;
  std::string plan_out;          ///< where the plan is written for review; empty: nowhere
  std::string plan;              ///< a reviewed plan to carry out; empty: none
  std::string metrics;           ///< Prometheus textfile; empty: none
  bool resume_erasures = false;  ///< afterwards, what erasures have withheld is taken up
  std::string signing_key;       ///< PEM file that signs their certificates
  bool drop_empty = false;
  std::size_t jobs = 1;
  std::size_t batch_rows = 5000;
  std::optional<std::uint64_t> max_rows;
  std::optional<std::uint64_t> max_seconds;
  std::optional<std::uint64_t> max_lag;
  /// The circuit breaker: above any of these a sweep refuses to begin.
  std::uint64_t breaker_rows = 1000000;
  double breaker_share = 0.5;    ///< of a table that is no small one
  double breaker_factor = 10.0;  ///< times what the last run took
};

/// Deletes what has outlived its period, or says what would be.
void register_sweep(App app, Context& context);
ExitCode run_sweep(const SweepOptions& options, Context& context);

struct SweepVerifyOptions {
  std::string rule;
  std::string set;
};

/// Exit 4 if anything is older than promised.
ExitCode run_sweep_verify(const SweepVerifyOptions& options, Context& context);

struct SweepHistoryOptions {
  std::size_t limit = 20;
};

struct SweepObjectsOptions {
  bool all = false;
  std::string confirm;  ///< file of the lines that have been dealt with; empty: only list
};

/// Lists objects outside the database whose rows have been deleted, a JSON object a line.
ExitCode run_sweep_objects(const SweepObjectsOptions& options, Context& context);

ExitCode run_sweep_history(const SweepHistoryOptions& options, Context& context);

}  // namespace dsar::cmd
