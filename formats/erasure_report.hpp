#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/erasure.hpp"

namespace dsar::formats {

/// A plan, or what was done, for a person at a terminal.
std::string erasure_text(const ErasureResult& result);

/// As formats/schemas/erasure.schema.json describes it.
nlohmann::ordered_json erasure_json(const ErasureResult& result);

}  // namespace dsar::formats
