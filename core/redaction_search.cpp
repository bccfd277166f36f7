#include "core/redaction_search.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iterator>

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

using ByteSet = std::array<bool, 256>;

constexpr ByteSet byte_set(std::string_view bytes) {
  ByteSet set{};
  for (const char c : bytes) set[static_cast<unsigned char>(c)] = true;
  return set;
}

/// Where the next byte of the set is, from `at`; the end if there is none.
std::size_t find_any(std::string_view text, const ByteSet& set, std::size_t at) {
  while (at < text.size() && !set[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

/// The signs of an address, and what begins an escape or (0xEF) a full-width sign.
constexpr ByteSet sign_bytes = byte_set("@+%&\\\xef");

/// Bytes that may not be as they are in the search form.
constexpr ByteSet special_bytes = [] {
  auto set = byte_set("%&\\");
  for (std::size_t byte = 0x80; byte < set.size(); ++byte) set[byte] = true;
  return set;
}();

/// The character or escape at the beginning of `text`, as it is in the search form.
Escape form_of(std::string_view text) {
  auto escape = escape_at(text);
  if (escape.length == 0) {
    const auto [character, length] = utf8_at(text, 0);
    escape = {character, length};
  }
  if (!escape.byte) escape.character = plain(escape.character);
  return escape;
}

}  // namespace

bool may_hold_address(std::string_view text) {
  for (auto at = find_any(text, sign_bytes, 0); at < text.size();) {
    const auto form = form_of(text.substr(at));
    if (form.character == '@' || form.character == '+') return true;
    // A run of backslashes is one piece: looked at once, not from each of them again.
    at = find_any(text, sign_bytes, at + form.length);
  }
  return false;
}

void SearchForm::copy(std::string_view original, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  const bool continues = !pieces_.empty() && pieces_.back().length == 0 &&
                         begin - pieces_.back().original == text_.size() - pieces_.back().offset;
  if (!continues) pieces_.push_back({text_.size(), begin, 0});
  text_ += original.substr(begin, end - begin);
}

void SearchForm::assign(std::string_view original) {
  text_.clear();
  pieces_.clear();
  for (std::size_t at = 0; at < original.size();) {
    const auto special = find_any(original, special_bytes, at);
    copy(original, at, special);
    at = special;
    if (at == original.size()) break;
    const auto form = form_of(original.substr(at));
    const auto offset = text_.size();
    if (form.byte || form.character < 0x80) {
      text_ += static_cast<char>(form.character);
    } else if (form.character != invisible) {
      append_utf8(text_, form.character);
    }
    if (original.substr(at, form.length) == std::string_view(text_).substr(offset)) {
      text_.resize(offset);
      copy(original, at, at + form.length);
    } else if (text_.size() > offset) {
      pieces_.push_back({offset, at, form.length});
    }
    at += form.length;
  }
}

const SearchForm::Piece& SearchForm::piece_at(std::size_t offset) const {
  const auto after = std::upper_bound(
      pieces_.begin(), pieces_.end(), offset,
      [](std::size_t wanted, const Piece& piece) { return wanted < piece.offset; });
  return *std::prev(after);
}

std::size_t SearchForm::begin_of(std::size_t offset) const {
  const auto& piece = piece_at(offset);
  return piece.length > 0 ? piece.original : piece.original + (offset - piece.offset);
}

std::size_t SearchForm::end_of(std::size_t offset) const {
  const auto& piece = piece_at(offset);
  return piece.length > 0 ? piece.original + piece.length
                          : piece.original + (offset - piece.offset) + 1;
}

}  // namespace dsar
