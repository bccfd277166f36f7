#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dsar::formats {

/// `json` with `redact` applied to the raw content of every string in it, keys too, and a string in
/// place of every number of which it gives something; every other byte stays. Nothing where it
/// gives nothing, or the text is no JSON.
std::optional<std::string> redacted_strings(
    std::string_view json,
    const std::function<std::optional<std::string>(std::string_view content)>& redact);

}  // namespace dsar::formats
