#include "core/schedule_change.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace dsar;

namespace {

constexpr Date march_1{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr Date march_2 = march_1 + std::chrono::days{1};

CutOff at(Date date) {
  return {Zone().first_instant(date), date};
}

ViewedLine line(const char* set, const char* rule, LineState state, Date cut_off,
                std::uint64_t due) {
  ViewedLine line;
  line.set = set;
  line.rule = rule;
  line.state = to_string(state);
  line.clock = "creation";
  line.action = "delete";
  line.cut_off = at(cut_off);
  line.rows.due = due;
  return line;
}

ScheduleView view(std::vector<ViewedLine> lines) {
  ScheduleView view;
  view.tenants.push_back({"harbour", Zone(), std::move(lines)});
  return view;
}

}  // namespace

TEST_CASE("a schedule compared with itself changes nothing") {
  const auto one = view({line("messages", "chat", LineState::by_clock, march_1, 5)});
  CHECK(compare_schedules(one, one).empty());
}

TEST_CASE("a later cut-off makes rows due sooner, an earlier one later") {
  const auto before = view({line("messages", "chat", LineState::by_clock, march_1, 5)});
  const auto after = view({line("messages", "chat", LineState::by_clock, march_2, 8)});
  const auto there = compare_schedules(before, after);
  REQUIRE(there.size() == 1);
  REQUIRE(there[0].lines.size() == 1);
  CHECK(there[0].lines[0].kind == LineChangeKind::sooner);
  REQUIRE(there[0].sets.size() == 1);
  CHECK(there[0].sets[0].newly_due() == 3);
  CHECK(there[0].sets[0].no_longer_due() == 0);
  const auto back = compare_schedules(after, before);
  REQUIRE(back.size() == 1);
  CHECK(back[0].lines[0].kind == LineChangeKind::later);
  CHECK(back[0].sets[0].newly_due() == 0);
  CHECK(back[0].sets[0].no_longer_due() == 3);
}

TEST_CASE("rows that change the rule by which they are due are neither newly due nor no longer") {
  const auto before = view({line("messages", "chat", LineState::by_clock, march_1, 5)});
  const auto after = view({line("messages", "message", LineState::by_clock, march_1, 5)});
  const auto changes = compare_schedules(before, after);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].sets.empty());
  REQUIRE(changes[0].lines.size() == 2);
  CHECK(changes[0].lines[0].kind == LineChangeKind::vanishes);
  CHECK(changes[0].lines[1].kind == LineChangeKind::appears);
  CHECK(changes[0].lines[1].line().rule == "message");
}

TEST_CASE("an event of the tenant and one of the rows are compared each with its own") {
  auto of_tenant = line("accounts", "account", LineState::not_happened, march_1, 0);
  const auto of_rows = line("accounts", "account", LineState::by_event, march_1, 2);
  const auto before = view({of_tenant, of_rows});
  CHECK(compare_schedules(before, view({of_rows, of_tenant})).empty());
  of_tenant.state = to_string(LineState::waiting);
  const auto changes = compare_schedules(before, view({of_rows, of_tenant}));
  REQUIRE(changes.size() == 1);
  REQUIRE(changes[0].lines.size() == 1);
  CHECK(changes[0].lines[0].kind == LineChangeKind::changed);
  CHECK(changes[0].lines[0].line().state == "waiting");
}

TEST_CASE("rows that go along count, but are no rule of their own") {
  auto along = line("files", "chat", LineState::by_clock, march_1, 4);
  along.state = "goes-along";
  const auto changes = compare_schedules(view({}), view({along}));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].lines.empty());
  REQUIRE(changes[0].sets.size() == 1);
  CHECK(changes[0].sets[0].newly_due() == 4);
}
