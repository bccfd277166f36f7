#include "core/zone.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/error.hpp"

namespace {

using dsar::Date;
using dsar::Instant;
using dsar::Period;
using dsar::Zone;
namespace chr = std::chrono;

Date on(int year, unsigned month, unsigned day) {
  return Date{chr::year{year} / chr::month{month} / chr::day{day}};
}

Instant at(Date date, int hour, int minute = 0) {
  return date + chr::hours{hour} + chr::minutes{minute};
}

/// Clocks that change at 01:00, at midnight forwards and backwards, by half an hour, by a whole
/// day, at one minute past midnight, and not at all.
const std::vector<std::string>& zones() {
  static const std::vector<std::string> names{
      "UTC",          "Europe/London",       "Europe/Amsterdam", "America/Los_Angeles",
      "Asia/Beirut",  "America/Havana",      "America/Santiago", "America/Sao_Paulo",
      "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia",     "America/St_Johns",
      "Asia/Kolkata", "Asia/Kathmandu",      "Africa/Casablanca"};
  return names;
}

}  // namespace

TEST_CASE("UTC needs no database and its dates begin at midnight") {
  const Zone utc;
  CHECK(utc.name() == "UTC");
  CHECK(Zone::named("UTC").name() == "UTC");
  CHECK(utc.first_instant(on(2026, 3, 31)) == Instant{on(2026, 3, 31)});
  CHECK(utc.date_of(at(on(2026, 3, 31), 23, 59)) == on(2026, 3, 31));
  CHECK(utc.date_of(Instant{on(1969, 12, 31)} - Instant::duration{1}) == on(1969, 12, 30));
}

TEST_CASE("a date begins at local midnight, in summer and in winter") {
  const Zone london = Zone::named("Europe/London");
  CHECK(london.name() == "Europe/London");
  CHECK(london.first_instant(on(2026, 3, 29)) == at(on(2026, 3, 29), 0));
  CHECK(london.first_instant(on(2026, 3, 30)) == at(on(2026, 3, 29), 23));
  CHECK(london.first_instant(on(2026, 10, 25)) == at(on(2026, 10, 24), 23));
  CHECK(london.first_instant(on(2026, 10, 26)) == at(on(2026, 10, 26), 0));
  CHECK(london.date_of(at(on(2026, 6, 30), 23, 30)) == on(2026, 7, 1));
  // The database must know the rule for years to come, not only past changes.
  CHECK(london.first_instant(on(2036, 7, 1)) == at(on(2036, 6, 30), 23));
}

TEST_CASE("a date whose midnight is skipped begins when the clocks jump") {
  // Beirut goes from 00:00 straight to 01:00, at 22:00 UTC the day before.
  const Zone beirut = Zone::named("Asia/Beirut");
  CHECK(beirut.first_instant(on(2026, 3, 29)) == at(on(2026, 3, 28), 22));
  CHECK(beirut.date_of(at(on(2026, 3, 28), 21, 59)) == on(2026, 3, 28));
  CHECK(beirut.date_of(at(on(2026, 3, 28), 22)) == on(2026, 3, 29));
}

TEST_CASE("a date whose midnight comes twice begins with the first") {
  // Havana goes from 01:00 back to 00:00: midnight at 04:00 and again at 05:00 UTC.
  const Zone havana = Zone::named("America/Havana");
  CHECK(havana.first_instant(on(2026, 11, 1)) == at(on(2026, 11, 1), 4));
  CHECK(havana.date_of(at(on(2026, 11, 1), 3, 59)) == on(2026, 10, 31));
  CHECK(havana.date_of(at(on(2026, 11, 1), 5)) == on(2026, 11, 1));
}

TEST_CASE("clocks that go back to yesterday do not bring yesterday back") {
  // St John's went from 00:01 on 7 November 2010 back to 23:01 on the 6th, at 02:31 UTC.
  const Zone st_johns = Zone::named("America/St_Johns");
  CHECK(st_johns.first_instant(on(2010, 11, 7)) == at(on(2010, 11, 7), 2, 30));
  CHECK(st_johns.date_of(at(on(2010, 11, 7), 2, 29)) == on(2010, 11, 6));
  CHECK(st_johns.date_of(at(on(2010, 11, 7), 2, 45)) == on(2010, 11, 7));
}

TEST_CASE("a date that a zone skipped is empty") {
  // Samoa crossed the date line at the end of 29 December 2011.
  const Zone apia = Zone::named("Pacific/Apia");
  CHECK(apia.first_instant(on(2011, 12, 30)) == at(on(2011, 12, 30), 10));
  CHECK(apia.first_instant(on(2011, 12, 31)) == at(on(2011, 12, 30), 10));
  CHECK(apia.date_of(at(on(2011, 12, 30), 9, 59)) == on(2011, 12, 29));
  CHECK(apia.date_of(at(on(2011, 12, 30), 10)) == on(2011, 12, 31));
}

TEST_CASE("dates follow one another without gap or overlap in every zone") {
  for (const std::string& name : zones()) {
    CAPTURE(name);
    const Zone zone = Zone::named(name);
    int wrong = 0;
    for (Date d = on(2009, 1, 1); d < on(2029, 1, 1); d += chr::days{1}) {
      const Instant first = zone.first_instant(d);
      const Instant next = zone.first_instant(d + chr::days{1});
      if (next < first) ++wrong;
      if (first == next) continue;  // skipped by the zone
      for (const Instant inside :
           {first, first + (next - first) / 2, next - Instant::duration{1}}) {
        if (zone.date_of(inside) != d) ++wrong;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("row by row and by cut-off the same instants are due in every zone") {
  const std::vector<Period> periods{Period::days(30),  Period::days(90),   Period::days(180),
                                    Period::months(3), Period::months(18), Period::months(24),
                                    Period::years(2)};
  for (const std::string& name : zones()) {
    const Zone zone = Zone::named(name);
    for (const Period& period : periods) {
      CAPTURE(name);
      CAPTURE(dsar::to_text(period));
      int wrong = 0;
      for (Date d = on(2020, 1, 1); d < on(2028, 1, 1); d += chr::days{1}) {
        // Odd times of day, so that every hour and both sides of midnight occur.
        const Instant now = at(d, static_cast<int>(d.time_since_epoch().count() * 7 % 24), 31);
        const Instant cut = *dsar::cut_off(now, period, zone);
        for (const Instant clock :
             {cut - chr::hours{25}, cut - chr::minutes{61}, cut - Instant::duration{1}, cut,
              cut + Instant::duration{1}, cut + chr::minutes{61}, cut + chr::hours{25}}) {
          const bool due = *dsar::due_from(clock, period, zone) <= now;
          if (due != (clock < cut)) ++wrong;
        }
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("the zone decides on which side of midnight a row falls") {
  const Instant clock = at(on(2025, 12, 31), 23, 30);
  const Instant now = at(on(2026, 3, 31), 23, 30);
  const auto due = [&](const Zone& zone) {
    return clock < *dsar::cut_off(now, Period::days(90), zone);
  };
  // 31 December + 90 days = 31 March: due from 1 April, which has begun in London only.
  CHECK_FALSE(due(Zone()));
  CHECK(due(Zone::named("Europe/London")));
  // In Kolkata the row is of 1 January and due a day later.
  CHECK_FALSE(due(Zone::named("Asia/Kolkata")));
}

TEST_CASE("what nothing follows is due with the event, and what is not stated never") {
  const Zone zone;
  const Instant clock = at(on(2026, 3, 31), 9);
  for (const Period& zero : {Period::at_once(), Period::none_after()}) {
    CHECK(dsar::due_from(clock, zero, zone) == clock);
    CHECK(clock < *dsar::cut_off(clock, zero, zone));
    CHECK_FALSE(clock < *dsar::cut_off(clock - Instant::duration{1}, zero, zone));
  }
  for (const Period& open : {Period::not_stated(), Period::while_needed()}) {
    CHECK_FALSE(dsar::due_from(clock, open, zone).has_value());
    CHECK_FALSE(dsar::cut_off(clock, open, zone).has_value());
  }
}

TEST_CASE("a zone that does not exist is refused by name, a hostile one without") {
  try {
    (void)Zone::named("Europe/Lodnon");
    FAIL("accepted");
  } catch (const dsar::Error& error) {
    CHECK(error.code() == dsar::ExitCode::usage);
    CHECK(std::string(error.what()) == "unknown time zone Europe/Lodnon");
  }
  for (const char* const name : {"", "../../etc/passwd", "a\nb", "Europe/London;", "\xff", "a b"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS((void)Zone::named(name), "not the name of a time zone", dsar::Error);
  }
}
