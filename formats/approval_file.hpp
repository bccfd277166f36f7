#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/approval.hpp"

namespace dsar::formats {

/// Its members, as formats/schemas/approval.schema.json describes them.
nlohmann::ordered_json approval_json(const Approval& approval);

/// From such members. Throws std::invalid_argument or the JSON library's exception where they are
/// none.
Approval approval_of(const nlohmann::ordered_json& content);

/// The approval's exact bytes, which are signed.
std::string approval_text(const Approval& approval);

/// Throws Error (usage) that begins with `name` where it is none.
Approval read_approval(std::string_view text, const std::string& name);

}  // namespace dsar::formats
