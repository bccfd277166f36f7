#include "formats/wrapped.hpp"

#include <sstream>

#include "formats/printable.hpp"

namespace dsar::formats {

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  std::size_t column = indent;
  std::istringstream words(printable(text));
  for (std::string word; words >> word;) {
    const std::size_t length = display_width(word);
    if (!result.empty() && column + 1 + length > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!result.empty()) {
      result += ' ';
      ++column;
    }
    result += word;
    column += length;
  }
  return result;
}

}  // namespace dsar::formats
