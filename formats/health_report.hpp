#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/health.hpp"

namespace dsar::formats {

/// One line a check, hints under what needs something done.
std::string health_text(const std::vector<HealthLine>& lines);

/// `{"health": the worst of all, "checks": [{"check", "health", "message", "hint"?}]}`
nlohmann::ordered_json health_json(const std::vector<HealthLine>& lines);

}  // namespace dsar::formats
