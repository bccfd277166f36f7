#pragma once

#include <string>
#include <string_view>

namespace dsar {

/// Undoes the escapes of what stands between the quotes of a JSON string. False, with `text`
/// unspecified, where that is no text: an escape that JSON lacks, half a surrogate pair.
[[nodiscard]] bool decode_json_string(std::string_view content, std::string& text);

}  // namespace dsar
