#include "core/phone_number.hpp"

#include <algorithm>
#include <iterator>

#include "core/sql.hpp"

namespace dsar {
namespace {

/// A number without trunk prefix may begin like the country code: shorter ones have none.
constexpr std::size_t shortest_with_code = 11;

std::string without_optional_zero(std::string text) {
  constexpr std::string_view zero = "(0)";
  for (std::size_t at = 0; (at = text.find(zero, at)) != std::string::npos;)
    text.erase(at, zero.size());
  return text;
}

std::string replaced(const std::string& text, const std::string& pattern,
                     const std::string& replacement, bool everywhere = false) {
  return "regexp_replace(" + text + ", " + string_literal(pattern) + ", " +
         string_literal(replacement) + (everywhere ? ", 'g')" : ")");
}

}  // namespace

std::string e164(const PhoneRegion& region, std::string_view value) {
  const auto text = without_optional_zero(std::string(value));
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  if (digits.empty() || digits == "00") return {};
  const std::string code = "+" + std::string(region.country_code);
  const std::string_view rest = digits;
  if (text[text.find_first_of("+0123456789")] == '+') return "+" + digits;
  if (rest.starts_with("00")) return "+" + digits.substr(2);
  if (!region.trunk_prefix.empty() && rest.starts_with(region.trunk_prefix))
    return code + digits.substr(region.trunk_prefix.size());
  if (rest.starts_with(region.country_code) && digits.size() >= shortest_with_code)
    return "+" + digits;
  return code + digits;
}

std::string e164_sql(const PhoneRegion& region, const std::string& text) {
  const std::string national(region.country_code);
  const std::string code = "+" + national;
  auto sql = replaced(text, "[(]0[)]|[^0-9+]", "", true);
  sql = replaced(sql, "(?!^)[+]", "", true);
  sql = replaced(sql, "^00", "+");
  if (!region.trunk_prefix.empty())
    sql = replaced(sql, "^" + std::string(region.trunk_prefix), code);
  const auto least = std::to_string(shortest_with_code - national.size());
  sql = replaced(sql, "^" + national + "(?=[0-9]{" + least + "})", code);
  sql = replaced(sql, "^(?=[0-9])", code);
  return replaced(sql, "^[+]$", "");
}

}  // namespace dsar
