#include "core/iso_date.hpp"

#include <algorithm>
#include <string>

namespace dsar {
namespace {

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return letter >= '0' && letter <= '9'; });
}

}  // namespace

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = text.substr(0, 4);
  const auto month = text.substr(5, 2);
  const auto day = text.substr(8, 2);
  if (!is_number(year) || !is_number(month) || !is_number(day)) return std::nullopt;
  const auto number = [](std::string_view digits) { return std::stoi(std::string(digits)); };
  const std::chrono::year_month_day date{std::chrono::year(number(year)),
                                         std::chrono::month(static_cast<unsigned>(number(month))),
                                         std::chrono::day(static_cast<unsigned>(number(day)))};
  if (!date.ok()) return std::nullopt;
  return Date(date);
}

}  // namespace dsar
