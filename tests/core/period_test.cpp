#include "core/period.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/error.hpp"

namespace {

using dsar::Date;
using dsar::Period;
namespace chr = std::chrono;

Date on(int year, unsigned month, unsigned day) {
  return Date{chr::year{year} / chr::month{month} / chr::day{day}};
}

/// The periods of the built-in policies.
const std::vector<Period>& periods_in_use() {
  static const std::vector<Period> all{Period::days(30),   Period::days(90),  Period::days(180),
                                       Period::months(1),  Period::months(3), Period::months(18),
                                       Period::months(24), Period::years(2)};
  return all;
}

const std::vector<Period>& further_periods() {
  static const std::vector<Period> all{Period::days(1),    Period::days(365),  Period::months(6),
                                       Period::months(11), Period::months(12), Period::months(100),
                                       Period::years(1),   Period::years(4),   Period::years(6)};
  return all;
}

int number(Date date) {
  return static_cast<int>(date.time_since_epoch().count());
}

/// Counts the pairs of dates for which `d is due today` differs between the definition, row by
/// row, and the single cut-off.
long disagreements(Date first, Date last, const Period& period) {
  // Plain numbers: this loop runs millions of times, also in builds that optimise nothing.
  std::vector<int> due;
  for (Date d = first; d <= last; d += chr::days{1})
    due.push_back(number(dsar::due_date(d, period)));
  const int* const due_at = due.data();
  const int rows = static_cast<int>(due.size());
  long wrong = 0;
  for (int day = 0; day < rows; ++day) {
    const int today = number(first) + day;
    const int cut_off = number(dsar::cut_off(first + chr::days{day}, period)) - number(first);
    for (int row = 0; row < rows; ++row) {
      if ((due_at[row] <= today) != (row < cut_off)) ++wrong;
    }
  }
  return wrong;
}

/// The same for the two rows on either side of each day's cut-off, which decide for all others as
/// long as a later row is never due before an earlier one.
int boundary_faults(Date first, Date last, const Period& period) {
  int wrong = 0;
  for (Date today = first; today <= last; today += chr::days{1}) {
    const Date cut_off = dsar::cut_off(today, period);
    const Date before = dsar::due_date(cut_off - chr::days{1}, period);
    const Date at = dsar::due_date(cut_off, period);
    if (!(before <= today && today < at)) ++wrong;
  }
  return wrong;
}

int order_faults(Date first, Date last, const Period& period) {
  int wrong = 0;
  for (Date d = first; d < last; d += chr::days{1}) {
    if (dsar::due_date(d, period) > dsar::due_date(d + chr::days{1}, period)) ++wrong;
  }
  return wrong;
}

}  // namespace

TEST_CASE("months and years clip to the last day of the month that they reach") {
  CHECK(dsar::add(on(2024, 8, 31), Period::months(18)) == on(2026, 2, 28));
  CHECK(dsar::add(on(2023, 8, 31), Period::months(6)) == on(2024, 2, 29));
  CHECK(dsar::add(on(2024, 2, 29), Period::years(2)) == on(2026, 2, 28));
  CHECK(dsar::add(on(2024, 2, 29), Period::years(4)) == on(2028, 2, 29));
  CHECK(dsar::add(on(2096, 2, 29), Period::years(4)) == on(2100, 2, 28));
  CHECK(dsar::add(on(2025, 1, 30), Period::months(1)) == on(2025, 2, 28));
  CHECK(dsar::add(on(2025, 11, 30), Period::months(3)) == on(2026, 2, 28));
  CHECK(dsar::add(on(2025, 12, 31), Period::months(1)) == on(2026, 1, 31));
  CHECK(dsar::add(on(2026, 1, 1), Period::days(90)) == on(2026, 4, 1));
}

TEST_CASE("a row is due from the day after its clock's date plus the period") {
  CHECK(dsar::due_date(on(2025, 12, 30), Period::days(90)) == on(2026, 3, 31));
  CHECK(dsar::due_date(on(2024, 9, 30), Period::months(18)) == on(2026, 3, 31));
  CHECK(dsar::due_date(on(2024, 8, 31), Period::months(18)) == on(2026, 3, 1));
}

TEST_CASE("the cut-off is right at the ends of months, where plain subtraction is not") {
  CHECK(dsar::cut_off(on(2026, 3, 31), Period::months(18)) == on(2024, 10, 1));
  CHECK(dsar::cut_off(on(2026, 2, 28), Period::months(18)) == on(2024, 8, 28));
  CHECK(dsar::cut_off(on(2026, 3, 1), Period::months(18)) == on(2024, 9, 1));
  CHECK(dsar::cut_off(on(2024, 2, 29), Period::years(2)) == on(2022, 3, 1));
  CHECK(dsar::cut_off(on(2024, 3, 31), Period::months(1)) == on(2024, 3, 1));
  CHECK(dsar::cut_off(on(2026, 1, 31), Period::months(2)) == on(2025, 12, 1));
  CHECK(dsar::cut_off(on(2026, 3, 31), Period::days(90)) == on(2025, 12, 31));
}

TEST_CASE("row by row and by cut-off the same rows are due, for every date of eight years") {
  for (const Period& period : periods_in_use()) {
    CAPTURE(dsar::to_text(period));
    CHECK(disagreements(on(2020, 1, 1), on(2027, 12, 31), period) == 0);
  }
}

TEST_CASE("the row before the cut-off is due and the row at it is not, over 140 years") {
  for (const auto* const periods : {&periods_in_use(), &further_periods()}) {
    for (const Period& period : *periods) {
      CAPTURE(dsar::to_text(period));
      CHECK(boundary_faults(on(1970, 1, 1), on(2110, 12, 31), period) == 0);
      CHECK(order_faults(on(1960, 1, 1), on(2110, 12, 31), period) == 0);
    }
  }
}

TEST_CASE("only a counted period has dates") {
  for (const Period& period :
       {Period::at_once(), Period::none_after(), Period::while_needed(), Period::not_stated()}) {
    CHECK_FALSE(period.is_counted());
    CHECK_THROWS_AS(dsar::add(on(2026, 1, 1), period), std::logic_error);
    CHECK_THROWS_AS(dsar::due_date(on(2026, 1, 1), period), std::logic_error);
    CHECK_THROWS_AS(dsar::cut_off(on(2026, 1, 1), period), std::logic_error);
  }
  CHECK(Period() == Period::not_stated());
  CHECK(Period::at_once().is_zero());
  CHECK(Period::none_after().is_zero());
  CHECK_FALSE(Period::while_needed().is_zero());
}

TEST_CASE("dates that no calendar here can hold are refused, not wrapped") {
  CHECK_THROWS_AS(dsar::add(on(9999, 12, 31) + chr::days{1}, Period::days(1)), std::out_of_range);
  CHECK_THROWS_AS(dsar::cut_off(on(-9999, 1, 1) - chr::days{1}, Period::days(1)),
                  std::out_of_range);
  CHECK(dsar::due_date(on(9999, 12, 31), Period::years(100)) == on(10100, 1, 1));
}

TEST_CASE("a period is at least 1 and at most 100 years") {
  CHECK_THROWS_AS(Period::days(0), dsar::Error);
  CHECK_THROWS_AS(Period::months(-3), dsar::Error);
  CHECK_THROWS_AS(Period::years(101), dsar::Error);
  CHECK_THROWS_AS(Period::counted(dsar::PeriodKind::at_once, 1), dsar::Error);
  CHECK(Period::months(1200).count() == 1200);
}

TEST_CASE("periods are read and written in words") {
  CHECK(dsar::parse_period("30 days") == Period::days(30));
  CHECK(dsar::parse_period("1 month") == Period::months(1));
  CHECK(dsar::parse_period("2 years") == Period::years(2));
  for (const char* const text : {"",          " ",         "30",           "days",
                                 "30days",    "30  days",  " 30 days",     "30 days ",
                                 "-1 days",   "+1 days",   "0 days",       "1.5 years",
                                 "30 Days",   "30 dayss",  "2 weeks",      "99999999999 days",
                                 "101 years", "1 at-once", "1 not-stated", "30 day s"}) {
    CAPTURE(text);
    CHECK_FALSE(dsar::parse_period(text).has_value());
  }
  for (const Period& period : periods_in_use()) {
    CHECK(dsar::parse_period(dsar::to_text(period)) == period);
  }
  CHECK(dsar::to_text(Period::days(1)) == "1 day");
  CHECK(dsar::to_text(Period::not_stated()) == "not stated");
  CHECK(dsar::to_text(Period::at_once()) == "at once");
  CHECK(dsar::to_text(Period::none_after()) == "none after");
  CHECK(dsar::to_text(Period::while_needed()) == "while needed");
}

TEST_CASE("dates are written for machines and for people") {
  CHECK(dsar::iso_text(on(2026, 2, 20)) == "2026-02-20");
  CHECK(dsar::iso_text(on(987, 12, 1)) == "0987-12-01");
  CHECK(dsar::to_text(on(2020, 7, 28)) == "28 July 2020");
  CHECK(dsar::to_text(on(2026, 12, 1)) == "1 December 2026");
}
