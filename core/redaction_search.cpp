#include "core/redaction_search.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "core/utf8.hpp"

namespace dsar {
namespace {

constexpr std::uint32_t invisible = 0xFFFFFFFF;  // is no character

/// A blank, a dash or a full-width form as its plain character, other punctuation as `|`.
std::uint32_t plain(std::uint32_t c) {
  const auto between = [c](std::uint32_t first, std::uint32_t last) {
    return c >= first && c <= last;
  };
  if (c < 0x80) return c;
  if (c == 0xA0 || between(0x2000, 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000) return ' ';
  if (c == 0xAD || between(0x200B, 0x200F) || between(0x202A, 0x202E) || between(0x2060, 0x206F) ||
      c == 0xFEFF)
    return invisible;
  if (between(0x2010, 0x2015) || c == 0x2212) return '-';
  if (between(0xFF01, 0xFF5E)) return c - 0xFF01 + '!';
  if (c == 0xFE6B) return '@';
  if (c == 0xAA || c == 0xB5 || c == 0xBA) return c;  // letters
  if (between(0xA1, 0xBF) || between(0x2016, 0x205E) || between(0x3001, 0x303F) ||
      between(0xFF5F, 0xFF65))
    return '|';
  return c;
}

/// What an escape stands for; no length: there is none.
struct Escape {
  std::uint32_t character = 0;
  std::size_t length = 0;
  bool byte = false;  ///< perhaps one of several that are a character together
};

/// The number that `digits` of this base are as a whole.
bool whole_number(std::string_view digits, int base, std::uint32_t& number) {
  const auto* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, number, base);
  return error == std::errc{} && end == last;
}

/// `%40`
Escape percent_escape(std::string_view at) {
  std::uint32_t byte = 0;
  if (at.size() < 3 || !whole_number(at.substr(1, 2), 16, byte)) return {};
  return {byte, 3, true};
}

/// `&#64;`, `&#x40;`, `&commat;`
Escape entity(std::string_view at) {
  struct Name {
    std::string_view name;
    char character;
  };
  static constexpr std::array names{
      Name{"amp", '&'},    Name{"lt", '<'},   Name{"gt", '>'},     Name{"quot", '"'},
      Name{"apos", '\''},  Name{"nbsp", ' '}, Name{"commat", '@'}, Name{"plus", '+'},
      Name{"period", '.'}, Name{"dot", '.'},  Name{"lowbar", '_'}, Name{"hyphen", '-'},
  };
  const auto end = at.substr(0, 12).find(';');
  if (end == std::string_view::npos) return {};
  const auto name = at.substr(1, end - 1);
  if (name.starts_with('#')) {
    const bool hex = name.starts_with("#x") || name.starts_with("#X");
    std::uint32_t character = 0;
    if (!whole_number(name.substr(hex ? 2 : 1), hex ? 16 : 10, character)) return {};
    return {character, end + 1};
  }
  const auto* const found = std::find_if(names.begin(), names.end(),
                                         [name](const Name& known) { return known.name == name; });
  if (found == names.end()) return {};
  return {static_cast<unsigned char>(found->character), end + 1};
}

/// `\u0040`, `\x40`, `\n`, after any number of further backslashes: escapes may be nested. Other
/// backslashes are one character.
Escape backslash_escape(std::string_view at) {
  const auto run = std::min(at.find_first_not_of('\\'), at.size());
  const auto digits = [&](std::size_t count, std::uint32_t& number) {
    const auto text = at.substr(run + 1, count);
    return text.size() == count && whole_number(text, 16, number);
  };
  std::uint32_t character = 0;
  switch (run < at.size() ? at[run] : '\0') {
    case '"':
    case '\'':
    case '/':
      return {static_cast<unsigned char>(at[run]), run + 1};
    case 'n':
    case 'r':
    case 't':
    case 'b':
    case 'f':
      return {'\n', run + 1};
    case 'u':
      if (digits(4, character)) return {character, run + 5};
      break;
    case 'x':
      if (digits(2, character)) return {character, run + 3};
      break;
    default:
      break;
  }
  return {'\\', run};
}

Escape escape_at(std::string_view at) {
  switch (at.front()) {
    case '%':
      return percent_escape(at);
    case '&':
      return entity(at);
    case '\\':
      return backslash_escape(at);
    default:
      return {};
  }
}

constexpr std::array<bool, 256> signs_of_an_address = [] {
  std::array<bool, 256> signs{};
  for (const char c : std::string_view("@+%&\\")) signs[static_cast<unsigned char>(c)] = true;
  signs[0xEF] = true;  // begins the full-width forms
  return signs;
}();

}  // namespace

bool may_hold_address(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return signs_of_an_address[static_cast<unsigned char>(c)]; });
}

void search_form(std::string_view text, SearchForm& form) {
  form.text.clear();
  form.origins.clear();
  for (std::size_t at = 0; at < text.size();) {
    auto escape = escape_at(text.substr(at));
    if (escape.length == 0) {
      const auto [character, length] = utf8_at(text, at);
      escape = {character, length};
    }
    const auto character = escape.byte ? escape.character : plain(escape.character);
    if (escape.byte || character < 0x80) {
      form.text += static_cast<char>(character);
    } else if (character != invisible) {
      append_utf8(form.text, character);
    }
    form.origins.resize(form.text.size(), {at, at + escape.length});
    at += escape.length;
  }
}

}  // namespace dsar
