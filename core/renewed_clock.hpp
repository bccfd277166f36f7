#pragma once

#include <vector>

#include "core/retention_clock.hpp"

namespace dsar {

/// The clock of a row that events renew: its own, moved on by every event that came before the row
/// fell due. Coming back after that revives nothing (Web1on1 7.6: unless re-engaged since).
/// `events` in any order.
ClockValue renewed_clock(const ClockValue& own, const std::vector<Instant>& events,
                         const Period& period, const Zone& zone);

}  // namespace dsar
