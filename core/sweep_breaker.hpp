#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/catalogue.hpp"
#include "core/sweep_result.hpp"

/// The circuit breaker: what keeps a wrong period, a wrong clock or a wrong map from emptying a
/// database overnight.
namespace dsar {

struct BreakerLimits {
  std::uint64_t rows = 1000000;      ///< due, in all
  double share = 0.5;                ///< of a table's rows, as far as the statistics know them
  double growth = 10;                ///< times the rows that the last finished run took
  std::uint64_t small_table = 1000;  ///< fewer rows than these are no share of anything
  std::uint64_t small_run = 10000;   ///< fewer rows than these are no growth
};

/// Why a sweep of this size must not begin unreviewed; nothing: it may. `last_run`: rows that the
/// last finished run took, nothing where there was none (then only a reviewed plan may begin).
std::optional<std::string> breaker_trips(const SweepResult& plan, const Catalogue& catalogue,
                                         const std::optional<std::uint64_t>& last_run,
                                         const BreakerLimits& limits);

}  // namespace dsar
