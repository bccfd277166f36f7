#include "core/holidays.hpp"

#include <array>

namespace dsar {
namespace {

namespace chr = std::chrono;

Date day_of(int year, chr::month month, unsigned day) {
  return chr::year(year) / month / chr::day(day);
}

bool is_weekend(Date date) {
  const chr::weekday weekday(date);
  return weekday == chr::Saturday || weekday == chr::Sunday;
}

/// Adds the holiday, or in its stead the next day that is worked on otherwise.
void add_or_substitute(Holidays& holidays, Date date) {
  holidays.insert(working_day_from(date, holidays));
}

struct Proclaimed {
  Date moved_from;  ///< equal to `date`: added
  Date date;
};

const std::array<Proclaimed, 5>& proclaimed() {
  static const std::array days{
      Proclaimed{day_of(2020, chr::May, 4), day_of(2020, chr::May, 8)},    // VE Day
      Proclaimed{day_of(2022, chr::May, 30), day_of(2022, chr::June, 2)},  // the jubilee
      Proclaimed{day_of(2022, chr::June, 3), day_of(2022, chr::June, 3)},
      Proclaimed{day_of(2022, chr::September, 19), day_of(2022, chr::September, 19)},  // a funeral
      Proclaimed{day_of(2023, chr::May, 8), day_of(2023, chr::May, 8)},  // the coronation
  };
  return days;
}

void add_year(Holidays& holidays, int year) {
  const auto easter = easter_sunday(year);
  Holidays of_year{easter - chr::days(2), easter + chr::days(1),
                   Date(chr::year(year) / chr::May / chr::Monday[1]),
                   Date(chr::year(year) / chr::May / chr::Monday[chr::last]),
                   Date(chr::year(year) / chr::August / chr::Monday[chr::last])};
  for (const auto& change : proclaimed()) {
    if (chr::year_month_day(change.date).year() != chr::year(year)) continue;
    of_year.erase(change.moved_from);
    of_year.insert(change.date);
  }
  add_or_substitute(of_year, day_of(year, chr::January, 1));
  const auto christmas = day_of(year, chr::December, 25);
  const auto boxing_day = day_of(year, chr::December, 26);
  // A day in its own right stays where it is, and gives way only to its substitute.
  if (!is_weekend(boxing_day)) of_year.insert(boxing_day);
  add_or_substitute(of_year, christmas);
  if (is_weekend(boxing_day)) add_or_substitute(of_year, boxing_day);
  holidays.merge(of_year);
}

}  // namespace

bool is_working_day(Date date, const Holidays& holidays) {
  return !is_weekend(date) && holidays.count(date) == 0;
}

Date working_day_from(Date date, const Holidays& holidays) {
  while (!is_working_day(date, holidays)) date += chr::days(1);
  return date;
}

Date add_working_days(Date date, int count, const Holidays& holidays) {
  for (; count > 0; --count) date = working_day_from(date + chr::days(1), holidays);
  return date;
}

/// The anonymous Gregorian computus (Meeus, Jones, Butcher).
Date easter_sunday(int year) {
  const int a = year % 19;
  const int b = year / 100;
  const int c = year % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;
  const int m = (a + 11 * h + 22 * l) / 451;
  const auto n = static_cast<unsigned>(h + l - 7 * m + 114);
  return day_of(year, chr::month(n / 31), n % 31 + 1);
}

Holidays bank_holidays(int first_year, int last_year) {
  Holidays holidays;
  for (int year = first_year; year <= last_year; ++year) add_year(holidays, year);
  return holidays;
}

}  // namespace dsar
