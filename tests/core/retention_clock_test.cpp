#include "core/retention_clock.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "core/renewed_clock.hpp"
#include "core/rfc3339.hpp"

namespace {

using namespace dsar;
namespace chr = std::chrono;

Instant at(const char* text) {
  return parse_rfc3339(text).value();
}

Date on(int year, unsigned month, unsigned day) {
  return Date{chr::year{year} / chr::month{month} / chr::day{day}};
}

const std::vector<Period>& periods() {
  static const std::vector<Period> all{Period::days(60),   Period::days(90),  Period::months(3),
                                       Period::months(18), Period::at_once(), Period::none_after()};
  return all;
}

/// Whether both ways of telling agree on a clock at `now`.
bool agree(const ClockValue& clock, Instant now, const Period& period, const Zone& zone) {
  const auto cut = cut_off_at(now, period, zone).value();
  const bool before = std::holds_alternative<Date>(clock) ? std::get<Date>(clock) < cut.date
                                                          : std::get<Instant>(clock) < cut.instant;
  return before == (due_from(clock, period, zone).value() <= now);
}

}  // namespace

TEST_CASE("a row is due exactly when its clock lies before the cut-off, in every zone and unit") {
  const std::array zones{"UTC",          "Europe/London",  "America/Los_Angeles",
                         "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo"};
  // Ends of months, leap days, changes of the clocks.
  const std::array todays{"2024-02-28", "2024-02-29", "2024-03-01", "2024-08-31",
                          "2024-11-30", "2025-02-28", "2025-03-09", "2025-03-30",
                          "2025-10-26", "2025-11-02", "2026-03-31", "2026-12-31"};
  const std::array times{"T00:00:00Z", "T00:59:59.999999Z", "T07:00:00Z",       "T07:59:59.999999Z",
                         "T08:00:00Z", "T12:00:00Z",        "T23:59:59.999999Z"};
  long wrong = 0;
  for (const auto* name : zones) {
    const auto zone = Zone::named(name);
    for (const auto* day : todays) {
      for (const auto* time : times) {
        const auto now = at((std::string(day) + time).c_str());
        for (const auto& period : periods()) {
          const auto cut = cut_off_at(now, period, zone).value();
          for (int hours = -50; hours <= 50; ++hours) {
            for (const int edge : {-1, 0, 1}) {
              const auto instant = cut.instant + chr::hours{hours} + chr::microseconds{edge};
              if (!agree(instant, now, period, zone)) ++wrong;
            }
          }
          for (int days = -35; days <= 35; ++days) {
            if (!agree(cut.date + chr::days{days}, now, period, zone)) ++wrong;
          }
        }
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a row whose clock is a day is due once that day and its period are over") {
  const auto zone = Zone::named("America/Los_Angeles");
  const ClockValue clock = on(2025, 11, 30);
  // 28 February is the last day of three months; in Los Angeles it ends at 08:00 UTC.
  CHECK(due_from(clock, Period::months(3), zone) == at("2026-03-01T08:00:00Z"));
  CHECK(due_from(clock, Period::at_once(), zone) == at("2025-12-01T08:00:00Z"));
  CHECK_FALSE(due_from(clock, Period::not_stated(), zone));
  CHECK_FALSE(due_from(clock, Period::while_needed(), zone));
  CHECK_FALSE(cut_off_at(at("2026-03-01T00:00:00Z"), Period::not_stated(), zone));
}

TEST_CASE("an instant has happened when it has come, a day when it is over") {
  const auto zone = Zone::named("Europe/London");
  const auto now = at("2026-06-30T22:59:59Z");
  CHECK(has_happened(now, now, zone));
  CHECK_FALSE(has_happened(now + Instant::duration{1}, now, zone));
  CHECK_FALSE(has_happened(on(2026, 6, 30), now, zone));
  CHECK(has_happened(on(2026, 6, 30), now + chr::seconds{1}, zone));
}

TEST_CASE("a clock is renewed by what came before the row fell due, one after the other") {
  const Zone utc;
  const auto period = Period::months(18);
  const auto own = at("2023-01-31T10:00:00Z");  // due from 1 August 2024
  const auto first = at("2024-07-31T23:59:59Z");
  const auto second = at("2025-12-31T00:00:00Z");  // within the period of the first
  CHECK(renewed_clock(own, {}, period, utc) == ClockValue{own});
  CHECK(renewed_clock(own, {first}, period, utc) == ClockValue{first});
  CHECK(renewed_clock(own, {second, first}, period, utc) == ClockValue{second});
  // Alone, the second came too late.
  CHECK(renewed_clock(own, {second}, period, utc) == ClockValue{own});
}

TEST_CASE("what comes in the instant in which the row falls due renews nothing") {
  const Zone utc;
  const auto own = at("2023-01-31T10:00:00Z");
  const auto due = at("2024-08-01T00:00:00Z");
  CHECK(renewed_clock(own, {due}, Period::months(18), utc) == ClockValue{own});
  CHECK(renewed_clock(own, {due - Instant::duration{1}}, Period::months(18), utc) ==
        ClockValue{due - Instant::duration{1}});
}

TEST_CASE("what came before the row itself does not make it older") {
  const Zone utc;
  const auto own = at("2024-01-31T10:00:00Z");
  CHECK(renewed_clock(own, {at("2023-12-01T00:00:00Z")}, Period::months(18), utc) ==
        ClockValue{own});
}
