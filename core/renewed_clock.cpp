#include "core/renewed_clock.hpp"

#include <algorithm>

namespace dsar {

ClockValue renewed_clock(const ClockValue& own, const std::vector<Instant>& events,
                         const Period& period, const Zone& zone) {
  auto clock = own;
  auto sorted = events;
  std::sort(sorted.begin(), sorted.end());
  for (const auto event : sorted) {
    if (event < first_instant(clock, zone)) continue;
    const auto due = due_from(clock, period, zone);
    if (!due || event >= *due) break;
    clock = event;
  }
  return clock;
}

}  // namespace dsar
