#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dsar::formats {

/// `text` (UTF-8) fit for a terminal or a log line: what could move the cursor, change colours,
/// turn the direction of writing or start a line is written as an escape (`\n`, `\x1b`,
/// `\u{202e}`), and so is every byte that is no UTF-8. The result is one line of valid UTF-8.
std::string printable(std::string_view text);

/// How many columns of a terminal a printable text takes: none for combining marks, two for wide
/// East Asian characters and emoji, one for all else.
std::size_t display_width(std::string_view text);

}  // namespace dsar::formats
