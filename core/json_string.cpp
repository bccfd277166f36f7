#include "core/json_string.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "core/utf8.hpp"

namespace dsar {
namespace {

/// The four hexadecimal digits after `\u` at `at`.
std::optional<std::uint32_t> code_unit(std::string_view content, std::size_t at) {
  if (!content.substr(std::min(at, content.size())).starts_with("\\u")) return std::nullopt;
  const auto digits = content.substr(at + 2, 4);
  const auto* const last = digits.data() + digits.size();
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(digits.data(), last, unit, 16);
  if (error != std::errc{} || end != last || digits.size() != 4) return std::nullopt;
  return unit;
}

constexpr bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

constexpr bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Appends the character that `\u....` at `at` stands for, and moves past it.
bool decode_code_unit(std::string_view content, std::size_t& at, std::string& text) {
  auto unit = code_unit(content, at);
  if (!unit || is_low_surrogate(*unit)) return false;
  at += 6;
  if (is_high_surrogate(*unit)) {
    const auto low = code_unit(content, at);
    if (!low || !is_low_surrogate(*low)) return false;
    at += 6;
    unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
  }
  append_utf8(text, *unit);
  return true;
}

}  // namespace

bool decode_json_string(std::string_view content, std::string& text) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  text.clear();
  for (std::size_t at = 0; at < content.size();) {
    const auto escape = std::min(content.find('\\', at), content.size());
    text += content.substr(at, escape - at);
    at = escape;
    if (at == content.size()) break;
    const auto letter = letters.find(content.substr(at + 1, 1));
    if (at + 1 < content.size() && letter != std::string_view::npos) {
      text += meanings[letter];
      at += 2;
    } else if (!decode_code_unit(content, at, text)) {
      return false;
    }
  }
  return true;
}

}  // namespace dsar
