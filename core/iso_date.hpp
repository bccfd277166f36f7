#pragma once

#include <optional>
#include <string_view>

#include "core/period.hpp"

namespace dsar {

/// The date that `2026-02-20` names: four, two and two digits. Nothing where there is no such day.
std::optional<Date> parse_iso_date(std::string_view text);

}  // namespace dsar
