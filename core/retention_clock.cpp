#include "core/retention_clock.hpp"

#include "core/rfc3339.hpp"

namespace dsar {

std::string to_text(const ClockValue& clock) {
  if (const auto* date = std::get_if<Date>(&clock)) return iso_text(*date);
  return rfc3339(std::get<Instant>(clock));
}

Instant first_instant(const ClockValue& clock, const Zone& zone) {
  if (const auto* date = std::get_if<Date>(&clock)) return zone.first_instant(*date);
  return std::get<Instant>(clock);
}

bool has_happened(const ClockValue& clock, Instant now, const Zone& zone) {
  if (const auto* date = std::get_if<Date>(&clock)) return *date < zone.date_of(now);
  return std::get<Instant>(clock) <= now;
}

std::optional<Instant> due_from(const ClockValue& clock, const Period& period, const Zone& zone) {
  const auto* date = std::get_if<Date>(&clock);
  if (date == nullptr) return due_from(std::get<Instant>(clock), period, zone);
  if (period.is_counted()) return zone.first_instant(due_date(*date, period));
  if (period.is_zero()) return zone.first_instant(*date + std::chrono::days{1});
  return std::nullopt;
}

std::optional<CutOff> cut_off_at(Instant now, const Period& period, const Zone& zone) {
  const auto instant = cut_off(now, period, zone);
  if (!instant) return std::nullopt;
  const auto today = zone.date_of(now);
  return CutOff{*instant, period.is_counted() ? cut_off(today, period) : today};
}

}  // namespace dsar
