#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/policy.hpp"
#include "core/rectification.hpp"

namespace dsar::formats {

/// A rectification as it is told to the officer.
struct RectificationReport {
  bool applied = false;  ///< else it is a plan
  bool reveal = false;   ///< values are shown as they are, not masked
  std::string tenant;    ///< slug; empty: the map has no tenants
  std::string policy;
  Rectification done;
  std::vector<Recipient> recipients;  ///< to be told, Art. 19
};

std::string rectification_text(const RectificationReport& report);
/// rectification.schema.json
nlohmann::ordered_json rectification_json(const RectificationReport& report);

}  // namespace dsar::formats
