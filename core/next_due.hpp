#pragma once

#include <optional>
#include <vector>

#include "core/sweep_conditions.hpp"

/// When something falls due next, of the rows that are not due yet.
namespace dsar {

/// What makes rows of the set due by a clock of their own that is counted from; nullptr: nothing
/// does, or they do not come due by the mere passing of time.
const DueCut* counted_cut(const SetSchedule& schedule);

/// The smallest clock that is not before its tenant's cut-off, a statement for each set whose clock
/// dates the rows: columns tenant key, clock as clock_text. `tenants`: of one set, with a
/// counted_cut, in one zone.
std::vector<SqlStatement> oldest_not_due_statements(const SweepWorld& world,
                                                    const std::vector<const SetSchedule*>& tenants);

/// When a row with this clock falls due; a floor that delays it is counted in.
std::optional<Instant> next_due(const SetSchedule& schedule, const ClockValue& clock);

}  // namespace dsar
