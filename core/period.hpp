#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/enum_names.hpp"

namespace dsar {

/// A day on the calendar, without a zone.
using Date = std::chrono::sys_days;

/// `2026-02-20`
std::string iso_text(Date date);
/// `20 February 2026`
std::string to_text(Date date);

enum class PeriodKind {
  days,          ///< counted: whole days
  months,        ///< counted: calendar months, clipped to the month's last day
  years,         ///< counted: calendar years, clipped likewise
  at_once,       ///< the event itself asks for it: due when it has happened
  none_after,    ///< kept for as long as the event has not happened, and no longer
  while_needed,  ///< kept for as long as a recorded ground needs it
  not_stated,    ///< the policy does not say: stops nothing and deletes nothing
};

template <>
struct EnumNames<PeriodKind> {
  using P = PeriodKind;
  static constexpr std::array table{
      EnumName<P>{P::days, "days"},
      EnumName<P>{P::months, "months"},
      EnumName<P>{P::years, "years"},
      EnumName<P>{P::at_once, "at-once"},
      EnumName<P>{P::none_after, "none-after"},
      EnumName<P>{P::while_needed, "while-needed"},
      EnumName<P>{P::not_stated, "not-stated"},
  };
};

/// How long something is kept after a rule's clock. `count` is 0 unless the kind is counted.
class Period {
 public:
  constexpr Period() = default;

  /// Throw Error (usage) unless the period is at least 1 and at most 100 years long.
  static Period days(int count) { return counted(PeriodKind::days, count); }
  static Period months(int count) { return counted(PeriodKind::months, count); }
  static Period years(int count) { return counted(PeriodKind::years, count); }
  static constexpr Period at_once() { return Period(PeriodKind::at_once, 0); }
  static constexpr Period none_after() { return Period(PeriodKind::none_after, 0); }
  static constexpr Period while_needed() { return Period(PeriodKind::while_needed, 0); }
  static constexpr Period not_stated() { return Period(PeriodKind::not_stated, 0); }
  /// A counted period of that kind; throws as above, and for a kind that is not counted.
  static Period counted(PeriodKind kind, int count);

  [[nodiscard]] constexpr PeriodKind kind() const { return kind_; }
  [[nodiscard]] constexpr int count() const { return count_; }
  [[nodiscard]] constexpr bool is_counted() const { return count_ > 0; }
  /// Nothing is kept once the event has happened: at_once and none_after.
  [[nodiscard]] constexpr bool is_zero() const {
    return kind_ == PeriodKind::at_once || kind_ == PeriodKind::none_after;
  }

  friend constexpr bool operator==(const Period&, const Period&) = default;

 private:
  constexpr Period(PeriodKind kind, int count) : kind_(kind), count_(count) {}

  PeriodKind kind_ = PeriodKind::not_stated;
  int count_ = 0;
};

/// Reads `30 days`, `1 month`, `2 years`: one blank, no sign, nothing else. Nothing when the text
/// is not of that form or out of the range that Period allows.
std::optional<Period> parse_period(std::string_view text);

/// `90 days`, `1 month`, `at once`, `not stated`, …
std::string to_text(const Period& period);

/// `date` + a counted period; months and years clip to the last day of the month that they reach
/// (31 August + 18 months = 28 February). Throws std::logic_error for other periods and
/// std::out_of_range for a date outside the years -9999 to 9999.
Date add(Date date, const Period& period);

/// The first date on which a row is due whose clock falls on `clock`: the day after
/// `clock` + period. Throws as `add`.
Date due_date(Date clock, const Period& period);

/// The earliest date d with d + period >= today: exactly the rows whose clock falls before it are
/// due. (`today` - period is not that date at the ends of months.) Throws as `add`.
Date cut_off(Date today, const Period& period);

}  // namespace dsar
