#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/finding.hpp"

namespace dsar::formats {

/// One finding a line with its hint below, then a line that counts them.
std::string findings_text(const Findings& findings);
nlohmann::ordered_json findings_json(const Findings& findings);

}  // namespace dsar::formats
