#include "formats/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace dsar::formats {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr bool contains(const Range* begin, const Range* end, char32_t point) {
  return std::any_of(begin, end, [point](const Range& range) {
    return range.first <= point && point <= range.last;
  });
}

/// Controls, directional marks, line separators and other characters without a shape that can
/// make a line read as another one.
constexpr std::array deceptive{
    Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0xAD, 0xAD},     Range{0x61C, 0x61C},
    Range{0x180E, 0x180E}, Range{0x200B, 0x200B}, Range{0x200E, 0x200F}, Range{0x2028, 0x202E},
    Range{0x2060, 0x206F}, Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F}};

constexpr std::array combining{
    Range{0x300, 0x36F},   Range{0x483, 0x489},     Range{0x591, 0x5BD},    Range{0x610, 0x61A},
    Range{0x64B, 0x65F},   Range{0x6D6, 0x6DC},     Range{0x900, 0x902},    Range{0x93C, 0x93C},
    Range{0x941, 0x948},   Range{0x94D, 0x94D},     Range{0xE31, 0xE31},    Range{0xE34, 0xE3A},
    Range{0xE47, 0xE4E},   Range{0x1AB0, 0x1AFF},   Range{0x1DC0, 0x1DFF},  Range{0x200C, 0x200D},
    Range{0x20D0, 0x20FF}, Range{0x302A, 0x302D},   Range{0x3099, 0x309A},  Range{0xFE00, 0xFE0F},
    Range{0xFE20, 0xFE2F}, Range{0x1F3FB, 0x1F3FF}, Range{0xE0100, 0xE01EF}};

constexpr std::array wide{Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
                          Range{0x23E9, 0x23EC},   Range{0x2614, 0x2615},   Range{0x26A1, 0x26A1},
                          Range{0x2705, 0x2705},   Range{0x2728, 0x2728},   Range{0x274C, 0x274C},
                          Range{0x2753, 0x2757},   Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},
                          Range{0xA960, 0xA97C},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
                          Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
                          Range{0x16FE0, 0x18AFF}, Range{0x1B000, 0x1B2FF}, Range{0x1F18E, 0x1F19A},
                          Range{0x1F1E6, 0x1F202}, Range{0x1F210, 0x1F265}, Range{0x1F300, 0x1F64F},
                          Range{0x1F680, 0x1F6FF}, Range{0x1F7E0, 0x1F7EB}, Range{0x1F90C, 0x1F9FF},
                          Range{0x1FA70, 0x1FAFF}, Range{0x20000, 0x3FFFD}};

/// One character of a text, or one byte that is none.
struct Character {
  char32_t point = 0;
  std::size_t length = 1;
  bool valid = false;
};

Character first_character(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  std::size_t length = 0;
  if (lead >= 0xC2 && lead <= 0xDF) length = 2;
  if (lead >= 0xE0 && lead <= 0xEF) length = 3;
  if (lead >= 0xF0 && lead <= 0xF4) length = 4;
  if (length == 0 || text.size() < length) return {};
  char32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    point = (point << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return {};
  return {point, length, true};
}

std::string hex(std::uint32_t value, std::size_t width) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  while (value != 0 || text.size() < width) {
    text.insert(text.begin(), digits[value & 0xFU]);
    value >>= 4U;
  }
  return text;
}

std::string escape(char32_t point) {
  switch (point) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return point < 0x100 ? "\\x" + hex(point, 2) : "\\u{" + hex(point, 4) + "}";
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    if (!character.valid) {
      result += "\\x" + hex(static_cast<unsigned char>(text.front()), 2);
    } else if (contains(deceptive.begin(), deceptive.end(), character.point)) {
      result += escape(character.point);
    } else {
      result += text.substr(0, character.length);
    }
    text.remove_prefix(character.length);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    if (contains(wide.begin(), wide.end(), character.point)) {
      width += 2;
    } else if (!contains(combining.begin(), combining.end(), character.point)) {
      width += 1;
    }
    text.remove_prefix(character.length);
  }
  return width;
}

}  // namespace dsar::formats
