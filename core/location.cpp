#include "core/location.hpp"

namespace dsar {

std::string json_pointer(std::string_view pointer, std::string_view key) {
  std::string result(pointer);
  result += '/';
  for (const char letter : key) {
    if (letter == '~') {
      result += "~0";
    } else if (letter == '/') {
      result += "~1";
    } else {
      result += letter;
    }
  }
  return result;
}

std::string json_pointer(std::string_view pointer, std::size_t index) {
  return std::string(pointer) + '/' + std::to_string(index);
}

Location within(const Location& around, std::string_view key) {
  return {around.file, json_pointer(around.pointer, key), around.line, 0};
}

}  // namespace dsar
