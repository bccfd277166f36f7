#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/period.hpp"

namespace date {
class time_zone;
}

namespace dsar {

/// A point in time, as finely as PostgreSQL keeps it.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// A time zone of the system's IANA database, or UTC, which needs none. Says on which date an
/// instant falls. Dates never run backwards: a date begins with the first instant at which the
/// zone's calendar has reached it and ends where the next one begins, also where clocks go back
/// across midnight. A date that a zone has skipped is empty.
class Zone {
 public:
  /// UTC.
  Zone() = default;
  /// The zone of that exact name (`Europe/London`). Throws Error (usage) when the system's
  /// database has none of that name.
  static Zone named(std::string_view name);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// The date that the instant falls on.
  [[nodiscard]] Date date_of(Instant instant) const;
  /// The first instant of the date.
  [[nodiscard]] Instant first_instant(Date date) const;

 private:
  std::string name_ = "UTC";
  const date::time_zone* zone_ = nullptr;  ///< lives as long as the process; none: UTC
};

/// The first instant at which a row is due whose clock is `clock`: the first of its due date for a
/// counted period, the clock itself where nothing is kept after the event; nothing where the
/// period is not stated or lasts while needed.
std::optional<Instant> due_from(Instant clock, const Period& period, const Zone& zone);

/// A row is due at `now` exactly when its clock lies before this instant; nothing as above.
std::optional<Instant> cut_off(Instant now, const Period& period, const Zone& zone);

}  // namespace dsar
