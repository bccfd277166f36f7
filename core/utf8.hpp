#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The two things that reading and writing escapes needs of UTF-8.
namespace dsar {

struct Utf8Character {
  std::uint32_t code_point = 0;
  std::size_t length = 1;  ///< in bytes
};

/// The character at `at`, which is inside the text. A byte that is no UTF-8 is a character by
/// itself, U+FFFD.
Utf8Character utf8_at(std::string_view text, std::size_t at);

/// Appends a code point; a surrogate or what is beyond Unicode as U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace dsar
