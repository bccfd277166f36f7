#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dsar {

/// Where in which file something was said; for faults and findings.
struct Location {
  std::string file;        ///< path as given on the command line
  std::string pointer;     ///< JSON pointer, RFC 6901
  std::size_t line = 0;    ///< from 1; 0 when unknown
  std::size_t column = 0;  ///< characters, from 1; 0 when the line says enough
};

/// The pointer to a member or an item of what `pointer` names (RFC 6901: `~0` is ~, `~1` is /).
std::string json_pointer(std::string_view pointer, std::string_view key);
std::string json_pointer(std::string_view pointer, std::size_t index);

/// The place of a member of what stands at `around`; the line is that of `around`.
Location within(const Location& around, std::string_view key);

}  // namespace dsar
