#include "core/period.hpp"

#include <array>
#include <charconv>
#include <stdexcept>
#include <system_error>

#include "core/error.hpp"

namespace dsar {
namespace {

namespace chr = std::chrono;

constexpr int max_years = 100;
constexpr int months_per_year = 12;
constexpr int max_days = 36525;

int limit_of(PeriodKind kind) {
  if (kind == PeriodKind::days) return max_days;
  return kind == PeriodKind::months ? max_years * months_per_year : max_years;
}

bool is_counted_kind(PeriodKind kind) {
  return kind == PeriodKind::days || kind == PeriodKind::months || kind == PeriodKind::years;
}

chr::months months_of(const Period& period) {
  return chr::months{period.kind() == PeriodKind::years ? period.count() * months_per_year
                                                        : period.count()};
}

void check(Date date, const Period& period) {
  if (!period.is_counted()) throw std::logic_error("only a counted period has a length");
  constexpr Date first{chr::year{-9999} / chr::January / 1};
  constexpr Date last{chr::year{9999} / chr::December / 31};
  if (date < first || date > last) throw std::out_of_range("date outside the years -9999 to 9999");
}

constexpr std::array<std::string_view, months_per_year> month_names{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string two_digits(unsigned number) {
  std::string text = std::to_string(number);
  return text.size() < 2 ? "0" + text : text;
}

}  // namespace

std::string iso_text(Date date) {
  const chr::year_month_day day{date};
  std::string year = std::to_string(static_cast<int>(day.year()));
  constexpr std::size_t width = 4;
  if (year.size() < width && year.front() != '-') year.insert(0, width - year.size(), '0');
  return year + "-" + two_digits(static_cast<unsigned>(day.month())) + "-" +
         two_digits(static_cast<unsigned>(day.day()));
}

std::string to_text(Date date) {
  const chr::year_month_day day{date};
  return std::to_string(static_cast<unsigned>(day.day())) + " " +
         std::string(month_names.at(static_cast<unsigned>(day.month()) - 1)) + " " +
         std::to_string(static_cast<int>(day.year()));
}

Period Period::counted(PeriodKind kind, int count) {
  if (!is_counted_kind(kind) || count < 1 || count > limit_of(kind)) {
    throw Error(ExitCode::usage, "period out of range",
                "A period is a whole number of days, months or years, at least 1 and at most 100 "
                "years.");
  }
  return {kind, count};
}

std::optional<Period> parse_period(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos || blank == 0 || text.front() == '-') return std::nullopt;
  int count = 0;
  const char* const end = text.data() + blank;
  const auto [stop, fault] = std::from_chars(text.data(), end, count);
  if (fault != std::errc{} || stop != end || count < 1) return std::nullopt;

  std::string unit(text.substr(blank + 1));
  if (!unit.ends_with('s')) unit += 's';
  const auto kind = from_string<PeriodKind>(unit);
  if (!kind || !is_counted_kind(*kind) || count > limit_of(*kind)) return std::nullopt;
  return Period::counted(*kind, count);
}

std::string to_text(const Period& period) {
  switch (period.kind()) {
    case PeriodKind::days:
    case PeriodKind::months:
    case PeriodKind::years: {
      std::string unit(to_string(period.kind()));
      if (period.count() == 1) unit.pop_back();
      return std::to_string(period.count()) + " " + unit;
    }
    case PeriodKind::at_once:
      return "at once";
    case PeriodKind::none_after:
      return "none after";
    case PeriodKind::while_needed:
      return "while needed";
    case PeriodKind::not_stated:
      break;
  }
  return "not stated";
}

Date add(Date date, const Period& period) {
  check(date, period);
  if (period.kind() == PeriodKind::days) return date + chr::days{period.count()};
  const chr::year_month_day from{date};
  const auto month = chr::year_month{from.year(), from.month()} + months_of(period);
  const chr::year_month_day to{month / from.day()};
  return to.ok() ? Date{to} : Date{month / chr::last};
}

Date due_date(Date clock, const Period& period) {
  return add(clock, period) + chr::days{1};
}

Date cut_off(Date today, const Period& period) {
  check(today, period);
  if (period.kind() == PeriodKind::days) return today - chr::days{period.count()};
  const chr::year_month_day to{today};
  const auto month = chr::year_month{to.year(), to.month()} - months_of(period);
  // Where the month has no such day, all of its days clip to before today.
  const chr::year_month_day from{month / to.day()};
  return from.ok() ? Date{from} : Date{(month + chr::months{1}) / 1};
}

}  // namespace dsar
