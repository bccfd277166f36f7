#include "core/redaction_email.hpp"

#include <algorithm>
#include <array>

namespace dsar {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

constexpr bool is_word(char c) {
  return is_digit(c) || is_letter(c) || is_beyond_ascii(c);
}

/// RFC 5322's atext without `/ ? & * { | } ``, which end an address in practice far more often
/// than they are part of one: URLs, Markdown, tables.
constexpr bool is_local(char c) {
  return is_word(c) || std::string_view(".-_+'=!#$%^~").find(c) != npos;
}

/// A character of a script that is written without blanks between words (Chinese, Japanese,
/// Korean with its particles) or an emoji: U+3000 and beyond.
bool is_unspaced(std::string_view text, std::size_t at) {
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) --at;
  return static_cast<unsigned char>(text[at]) >= 0xE3;
}

/// Where words of an unspaced script meet an address in ASCII, which then ends there.
bool scripts_meet(std::string_view text, std::size_t ascii, std::size_t other) {
  return (is_digit(text[ascii]) || is_letter(text[ascii])) && is_beyond_ascii(text[other]) &&
         is_unspaced(text, other);
}

/// `"john doe"` before the sign; its first quote, or npos.
std::size_t quoted_begin(std::string_view text, std::size_t at, std::size_t from) {
  constexpr std::size_t longest = 66;  // RFC 5321, 4.5.3.1.1, and the quotes
  if (at < from + 2 || text[at - 1] != '"') return npos;
  for (auto begin = at - 1; begin-- > from && at - begin <= longest;) {
    if (text[begin] == '"') return begin + 1 < at - 1 ? begin : npos;
    if (text[begin] == '\n' || text[begin] == '@') return npos;
  }
  return npos;
}

/// `key` of `key=local` names a parameter and is not part of the address.
bool is_parameter(std::string_view text, std::size_t begin, std::size_t equals, std::size_t from,
                  std::size_t at) {
  static constexpr std::array names{"email", "mail",    "e_mail",    "e-mail", "to",
                                    "cc",    "bcc",     "from",      "user",   "username",
                                    "login", "address", "recipient", "sender", "contact"};
  if (begin > from && std::string_view("?&;").find(text[begin - 1]) != npos) return true;
  const auto key = text.substr(begin, equals - begin);
  if (key.empty()) return true;
  const bool known = std::any_of(names.begin(), names.end(), [key](std::string_view name) {
    return std::equal(key.begin(), key.end(), name.begin(), name.end(),
                      [](char a, char b) { return (is_letter(a) ? a | 0x20 : a) == b; });
  });
  // A sender that encodes a recipient (`bounces+ada=example.com@…`) has a dot behind the sign.
  return known ||
         (std::all_of(key.begin(), key.end(), [](char c) { return is_letter(c) || c == '_'; }) &&
          text.substr(equals, at - equals).find('.') == npos);
}

std::size_t local_begin(std::string_view text, std::size_t at, std::size_t from) {
  if (const auto quote = quoted_begin(text, at, from); quote != npos) return quote;
  auto begin = at;
  while (begin > from && is_local(text[begin - 1]) &&
         !(begin < at && scripts_meet(text, begin, begin - 1)))
    --begin;
  const auto before = text.substr(0, at);
  for (auto equals = before.find('=', begin); equals != npos; equals = before.find('=', begin)) {
    if (!is_parameter(text, begin, equals, from, at)) break;
    begin = equals + 1;
  }
  while (begin < at && !is_word(text[begin])) ++begin;
  return begin;
}

/// `[192.0.2.1]`, `[IPv6:2001:db8::1]` after the sign; its end, or npos.
std::size_t literal_end(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at + 1] != '[') return npos;
  const auto end = text.find_first_not_of("0123456789abcdefABCDEFIPv:.", at + 2);
  return end != npos && end > at + 2 && text[end] == ']' ? end + 1 : npos;
}

/// Where the domain after the sign ends; `divided`: where scripts meet, too.
std::size_t domain_end(std::string_view text, std::size_t at, bool divided) {
  const auto begin = at + 1;
  auto end = begin;
  while (end < text.size()) {
    const char c = text[end];
    const char before = text[end - 1];
    const bool goes_on = is_word(c)
                             ? end == begin || !divided || !scripts_meet(text, end - 1, end)
                             : end > begin && (c == '-' || c == '_' || (c == '.' && before != '.'));
    if (!goes_on) break;
    ++end;
  }
  while (end > begin && !is_word(text[end - 1])) --end;
  return end;
}

bool is_ip_address(std::string_view domain) {
  return std::count(domain.begin(), domain.end(), '.') == 3 &&
         domain.find_first_not_of("0123456789.") == npos;
}

/// How long the domain is without numbers at its end, which no top-level domain is (`example.com.5`
/// has run into its text); 0 where no dot is left.
std::size_t domain_length(std::string_view domain) {
  if (is_ip_address(domain)) return domain.size();
  for (auto dot = domain.rfind('.'); dot != npos; dot = domain.rfind('.')) {
    if (domain.find_first_not_of("0123456789", dot + 1) != npos) return domain.size();
    domain = domain.substr(0, dot);
  }
  return 0;
}

/// Says by its surroundings that it is an address, although its domain has no dot.
bool is_marked(std::string_view text, std::size_t begin, std::size_t end) {
  const auto before = text.substr(0, begin);
  return before.ends_with("mailto:") || (before.ends_with('<') && text.substr(end, 1) == ">");
}

std::size_t address_end(std::string_view text, std::size_t begin, std::size_t at) {
  if (const auto end = literal_end(text, at); end != npos) return end;
  for (const bool divided : {true, false}) {
    const auto end = domain_end(text, at, divided);
    const auto length = domain_length(text.substr(at + 1, end - at - 1));
    if (length > 0) return at + 1 + length;
  }
  const auto end = domain_end(text, at, true);
  return end > at + 1 && is_marked(text, begin, end) ? end : npos;
}

}  // namespace

std::optional<FoundAddress> email_around(std::string_view text, std::size_t at, std::size_t from) {
  FoundAddress email;
  email.begin = local_begin(text, at, from);
  if (email.begin == at) return std::nullopt;
  email.end = address_end(text, email.begin, at);
  if (email.end == npos) return std::nullopt;
  for (auto begin = at - 1; begin > email.begin; --begin) {
    if (text[begin - 1] == '=') email.alternatives.push_back(begin);
  }
  return email;
}

}  // namespace dsar
