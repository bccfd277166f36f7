#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dsar::formats {

/// `text`, made printable, broken at blanks into lines of at most `width` columns; every line but
/// the first begins with `indent` blanks, which count, as they do for the first. A longer word
/// stands alone on its line. Without a line feed at the end.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 80);

}  // namespace dsar::formats
