#include "core/zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

#include "core/error.hpp"

namespace dsar {
namespace {

namespace chr = std::chrono;

/// Names of other shapes cannot exist and are not repeated in messages.
bool is_zone_like(std::string_view name) {
  constexpr std::size_t longest = 64;
  return !name.empty() && name.size() <= longest &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '_' || c == '-' || c == '+';
         });
}

}  // namespace

Zone Zone::named(std::string_view name) {
  Zone result;
  if (name == result.name_) return result;
  const std::string hint =
      "Use a name of the IANA database, for example Europe/London (Debian's package tzdata).";
  if (!is_zone_like(name)) throw Error(ExitCode::usage, "not the name of a time zone", hint);
  try {
    result.zone_ = date::locate_zone(name);
  } catch (const std::runtime_error&) {
    throw Error(ExitCode::usage, "unknown time zone " + std::string(name), hint);
  }
  result.name_ = name;
  return result;
}

Date Zone::date_of(Instant instant) const {
  if (zone_ == nullptr) return chr::floor<chr::days>(instant);
  const auto offset = zone_->get_info(chr::floor<chr::seconds>(instant)).offset;
  const Date local = chr::floor<chr::days>(instant + offset);
  // Clocks that have gone back across midnight show yesterday again: the new date has begun.
  return instant < first_instant(local + chr::days{1}) ? local : local + chr::days{1};
}

Instant Zone::first_instant(Date date) const {
  if (zone_ == nullptr) return date;
  const auto info = zone_->get_info(date::local_days{date.time_since_epoch()});
  // A skipped midnight: the date is reached when the clocks jump.
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return Instant{date} - info.first.offset;
}

std::optional<Instant> due_from(Instant clock, const Period& period, const Zone& zone) {
  if (period.is_zero()) return clock;
  if (!period.is_counted()) return std::nullopt;
  return zone.first_instant(due_date(zone.date_of(clock), period));
}

std::optional<Instant> cut_off(Instant now, const Period& period, const Zone& zone) {
  if (period.is_zero()) return now + Instant::duration{1};
  if (!period.is_counted()) return std::nullopt;
  return zone.first_instant(cut_off(zone.date_of(now), period));
}

}  // namespace dsar
