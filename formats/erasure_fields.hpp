#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/erasure.hpp"

namespace dsar::formats {

/// What a plan and a certificate of an erasure have in common, as formats/erasure_report.hpp
/// writes it. Throws std::invalid_argument or the JSON library's exception where it is none.
ErasureResult erasure_of(const nlohmann::ordered_json& content);

}  // namespace dsar::formats
