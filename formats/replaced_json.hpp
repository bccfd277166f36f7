#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_path.hpp"

namespace dsar::formats {

/// `json` with `value` in place of every string or number at one of `inside` (empty: anywhere, but
/// never a key) that is one of `spellings`; every other byte stays. A number stays a number where
/// the value is one. Nothing where there is none, or the text is no JSON.
std::optional<std::string> replaced_json(std::string_view json, const std::vector<JsonPath>& inside,
                                         const std::set<std::string>& spellings,
                                         const std::string& value);

}  // namespace dsar::formats
