#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/period.hpp"
#include "core/zone.hpp"

/// What a retention period counts from, as finely as the database says: a day, or an instant.
namespace dsar {

using ClockValue = std::variant<Date, Instant>;

/// `2026-02-20`, or RFC 3339.
std::string to_text(const ClockValue& clock);

/// The first instant of the value: of the day in its zone, or the instant itself.
Instant first_instant(const ClockValue& clock, const Zone& zone);

/// Whether it has happened by `now`: an instant that is not in the future, a day that is over.
/// (Nothing tells at what hour of a day something happened.)
bool has_happened(const ClockValue& clock, Instant now, const Zone& zone);

/// The first instant at which a row is due whose clock this is; nothing where the period is not
/// stated or lasts while needed. A day counts as a day, whatever the zone's hours; where nothing is
/// kept after the event, what happened on a day is due once that day is over.
std::optional<Instant> due_from(const ClockValue& clock, const Period& period, const Zone& zone);

/// A row is due exactly when its clock, an instant or a day, lies before this.
struct CutOff {
  Instant instant;
  Date date;

  friend auto operator<=>(const CutOff&, const CutOff&) = default;
};

/// The cut-off of a period at `now`; nothing as for due_from.
std::optional<CutOff> cut_off_at(Instant now, const Period& period, const Zone& zone);

}  // namespace dsar
