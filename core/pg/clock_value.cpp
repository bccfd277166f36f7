#include "core/pg/clock_value.hpp"

#include <charconv>
#include <chrono>

#include "core/error.hpp"
#include "core/rfc3339.hpp"

namespace dsar::pg {

ClockValue read_clock_value(const std::string& text, const std::string& whose) {
  if (const auto instant = parse_rfc3339(text)) return *instant;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const char* const end = text.data() + text.size();
  const auto [at, bad] = std::from_chars(text.data(), end, year);
  constexpr std::ptrdiff_t month_and_day = 6;  // `-02-20`
  if (bad == std::errc{} && end - at == month_and_day) {
    std::from_chars(at + 1, at + 3, month);
    std::from_chars(at + 4, end, day);
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (date.ok()) return Date{date};
  }
  throw Error(ExitCode::usage, "the database has a date that cannot be used for " + whose,
              "Dates must lie in the years 0 to 9999.");
}

}  // namespace dsar::pg
