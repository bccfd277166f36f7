#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

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

/// The same of bytes in a string.
[[nodiscard]] inline std::string to_hex(std::string_view bytes) {
  return to_hex(std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

/// The bytes that pairs of hexadecimal digits stand for. Throws std::invalid_argument for others.
[[nodiscard]] inline std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    constexpr int base = 16;
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, base));
  }
  return bytes;
}

}  // namespace dsar
