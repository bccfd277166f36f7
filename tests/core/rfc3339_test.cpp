#include "core/rfc3339.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace chr = std::chrono;
using dsar::Instant;
using dsar::parse_rfc3339;
using dsar::rfc3339;

namespace {

constexpr Instant noon = chr::sys_days(chr::year(2026) / chr::March / 31) + chr::hours(12);

}  // namespace

TEST_CASE("an RFC 3339 date-time is read to the microsecond") {
  CHECK(parse_rfc3339("2026-03-31T12:00:00Z") == noon);
  CHECK(parse_rfc3339("2026-03-31 12:00:00z") == noon);
  CHECK(parse_rfc3339("2026-03-31T14:00:00+02:00") == noon);
  CHECK(parse_rfc3339("2026-03-31T02:30:00-09:30") == noon);
  CHECK(parse_rfc3339("2026-03-31T12:00:00.5Z") == noon + chr::milliseconds(500));
  CHECK(parse_rfc3339("2026-03-31T12:00:00.1234569Z") == noon + chr::microseconds(123456));
  CHECK(parse_rfc3339("2026-03-31T11:59:60Z") == noon);
}

TEST_CASE("what is no RFC 3339 date-time is nothing") {
  for (const char* text :
       {"", "now", "2026-03-31", "2026-03-31T12:00Z", "2026-03-31T12:00:00", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-03-31T24:00:00Z", "2026-03-31T12:00:61Z",
        "2026-03-31T12:00:00.Z", "2026-03-31T12:00:00+0200", "2026-03-31T12:00:00Z ",
        " 2026-03-31T12:00:00Z", "2026-03-31T12:00:00+24:00", "+026-03-31T12:00:00Z",
        "2026/03/31T12:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("an instant is written with no more digits than it needs") {
  CHECK(rfc3339(noon) == "2026-03-31T12:00:00Z");
  CHECK(rfc3339(noon + chr::milliseconds(50)) == "2026-03-31T12:00:00.05Z");
  CHECK(rfc3339(noon + chr::microseconds(1)) == "2026-03-31T12:00:00.000001Z");
  CHECK(rfc3339(Instant(chr::microseconds(-1))) == "1969-12-31T23:59:59.999999Z");
  CHECK(rfc3339(*parse_rfc3339("0007-01-02T03:04:05Z")) == "0007-01-02T03:04:05Z");
}
