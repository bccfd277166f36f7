#pragma once

#include <string>
#include <string_view>

namespace dsar::formats {

/// Text as it may stand in an element or a quoted attribute; what no XML may hold is left out.
std::string html_text(std::string_view text);

}  // namespace dsar::formats
