#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/schedule_view.hpp"

namespace dsar::formats {

/// For a terminal: tenant by tenant what takes rows with its cut-off, due rows and next date, then
/// what takes none and why.
std::string schedule_text(const ScheduleView& view);

/// formats/schemas/schedule.schema.json
nlohmann::ordered_json schedule_json(const ScheduleView& view);

}  // namespace dsar::formats
