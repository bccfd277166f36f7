#include "core/sweep_breaker.hpp"

#include <map>

namespace dsar {

std::optional<std::string> breaker_trips(const SweepResult& plan, const Catalogue& catalogue,
                                         const std::optional<std::uint64_t>& last_run,
                                         const BreakerLimits& limits) {
  const auto due = plan.due();
  if (due == 0) return std::nullopt;
  if (!last_run) return "this would be the first sweep of this database";
  if (due > limits.rows)
    return std::to_string(due) + " rows are due, and more than " + std::to_string(limits.rows) +
           " need a review";
  if (due > limits.small_run &&
      static_cast<double>(due) > limits.growth * static_cast<double>(*last_run))
    return std::to_string(due) + " rows are due, many times the " + std::to_string(*last_run) +
           " of the last run";
  std::map<std::string, std::uint64_t> by_table;
  for (const auto& line : plan.lines) by_table[line.table] += line.due;
  for (const auto& [name, table] : catalogue.tables) {
    const auto found = by_table.find(name.text());
    if (found == by_table.end() || table.estimated_rows < static_cast<double>(limits.small_table))
      continue;
    if (static_cast<double>(found->second) > limits.share * table.estimated_rows)
      return std::to_string(found->second) + " of some " +
             std::to_string(static_cast<std::uint64_t>(table.estimated_rows)) + " rows of " +
             name.text() + " are due";
  }
  return std::nullopt;
}

}  // namespace dsar
