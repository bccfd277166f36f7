#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/zone.hpp"

namespace dsar {

/// The instant that an RFC 3339 date-time names (`2026-03-31T12:00:00Z`,
/// `2026-03-31T14:00:00.5+02:00`; a blank may stand for the T), or nothing where it is none. What
/// is finer than a microsecond is cut off; a leap second is the first instant of the next minute.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// `2026-03-31T12:00:00Z`, with a fraction of as many digits as it needs where it is no whole
/// second. Years 0000 to 9999, which is all that RFC 3339 can write.
std::string rfc3339(Instant instant);

}  // namespace dsar
