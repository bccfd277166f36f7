#pragma once

#include <span>
#include <string>

namespace dsar {

/// Two lower-case hexadecimal digits per byte.
[[nodiscard]] inline std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace dsar
