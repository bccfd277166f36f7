#include "core/next_due.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace dsar;
using namespace std::chrono_literals;

namespace {

constexpr Date january_31{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};

struct Fixture {
  SweepTenant tenant;
  EffectiveRule ceiling;
  EffectiveRule floor;
  SetSchedule schedule;

  explicit Fixture(const char* period) {
    tenant.zone = Zone::named("Europe/London");
    ceiling.period = *parse_period(period);
    floor.period = *parse_period("3 months");
    schedule.tenant = &tenant;
    schedule.by_clock = DueCut{&ceiling, SweepAction::remove, {}};
  }
};

Instant london(int month, int day) {
  return Zone::named("Europe/London")
      .first_instant(std::chrono::sys_days{std::chrono::year{2026} / month / day});
}

}  // namespace

TEST_CASE(
    "the next row falls due on the day after its clock and its period, in the tenant's zone") {
  const Fixture one("2 months");
  // 31 March ends in British Summer Time.
  CHECK(next_due(one.schedule, january_31) == london(4, 1));
  CHECK(*next_due(one.schedule, january_31) ==
        Instant(std::chrono::sys_days{std::chrono::year{2026} / 3 / 31}) + 23h);
}

TEST_CASE("a floor that delays the rule delays the next due date too") {
  Fixture one("2 months");
  one.schedule.floor = DueCut{&one.floor, SweepAction::remove, {}};
  one.schedule.delayed = one.schedule.by_clock;
  CHECK(next_due(one.schedule, january_31) == london(5, 1));
}

TEST_CASE("what does not come due by the mere passing of time has no next due date") {
  Fixture one("2 months");
  one.ceiling.period = Period::at_once();
  CHECK(counted_cut(one.schedule) == nullptr);
  CHECK_FALSE(next_due(one.schedule, january_31));
  Fixture kept("2 months");
  kept.schedule.kept_always = &kept.floor;
  CHECK_FALSE(next_due(kept.schedule, january_31));
}
