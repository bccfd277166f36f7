#include "core/redaction_phone.hpp"

#include <algorithm>

namespace dsar {
namespace {

constexpr std::size_t fewest_digits = 7;
constexpr std::size_t most_digits = 15;  // ITU-T E.164

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where the next group of digits begins when the one before ends at `at`; npos where what stands
/// between is more than ` (`, `) `, ` - ` and the like, or one dot or slash.
std::size_t next_group(std::string_view text, std::size_t at) {
  const auto next = text.find_first_not_of(" -()", at);
  if (next == std::string_view::npos) return next;
  if (next == at && (text[at] == '.' || text[at] == '/'))
    return at + 1 < text.size() && is_digit(text[at + 1]) ? at + 1 : std::string_view::npos;
  return is_digit(text[next]) && next - at <= 3 ? next : std::string_view::npos;
}

/// A sum is no phone number: `5 + 1234567`, `5+1234567`.
bool is_operator(std::string_view text, std::size_t plus) {
  if (plus == 0) return false;
  if (is_digit(text[plus - 1]) || text[plus - 1] == '+') return true;
  if (plus + 1 == text.size() || text[plus + 1] != ' ') return false;
  const auto before = text.find_last_not_of(' ', plus - 1);
  return before != std::string_view::npos && is_alphanumeric(text[before]);
}

}  // namespace

std::optional<FoundAddress> phone_from(std::string_view text, std::size_t plus) {
  if (is_operator(text, plus)) return std::nullopt;
  FoundAddress phone{AddressKind::phone, plus, 0, {}};
  std::size_t digits = 0;
  for (auto at = next_group(text, plus + 1); at != std::string_view::npos;
       at = next_group(text, phone.end)) {
    if (digits == 0 && text[at] == '0') return std::nullopt;  // no country's code
    auto end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (digits + (end - at) > most_digits) break;
    if (digits >= fewest_digits) phone.alternatives.push_back(phone.end);
    digits += end - at;
    phone.end = end;
    if (end == text.size()) break;
  }
  if (digits < fewest_digits) return std::nullopt;
  std::reverse(phone.alternatives.begin(), phone.alternatives.end());
  return phone;
}

}  // namespace dsar
