#pragma once

#include <string>

#include "core/retention_clock.hpp"

namespace dsar::pg {

/// A date or an instant as clock_text (core/sweep_rows) makes the database write it. Throws
/// Error (usage) for one outside the years 0 to 9999; `whose` tells where it comes from.
ClockValue read_clock_value(const std::string& text, const std::string& whose);

}  // namespace dsar::pg
