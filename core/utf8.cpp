#include "core/utf8.hpp"

namespace dsar {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

constexpr bool is_scalar(std::uint32_t code_point) {
  return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

}  // namespace

Utf8Character utf8_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(text[i])};
  };
  const std::uint32_t lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  constexpr std::uint32_t least[] = {0x80, 0x800, 0x10000};
  if (lead < 0xC2 || lead > 0xF4 || length > text.size() - at) return {replacement, 1};
  std::uint32_t code_point = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return {replacement, 1};
    code_point = code_point << 6 | (byte(at + i) & 0x3FU);
  }
  if (code_point < least[length - 2] || !is_scalar(code_point)) return {replacement, 1};
  return {code_point, length};
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  if (!is_scalar(code_point)) code_point = replacement;
  const auto tail = [&](int shift) {
    out += static_cast<char>(0x80U | (code_point >> shift & 0x3FU));
  };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0U | code_point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | code_point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace dsar
