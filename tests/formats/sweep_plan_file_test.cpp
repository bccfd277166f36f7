#include "formats/sweep_plan_file.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/error.hpp"
#include "core/rfc3339.hpp"

namespace {

using namespace dsar;

SweepLine line(const char* set, std::uint64_t due) {
  SweepLine line;
  line.tenant = "harbour";
  line.set = set;
  line.rule = "chat";
  line.action = "delete";
  line.cut_off = "2025-12-31T00:00:00Z";
  line.due = due;
  return line;
}

SweepResult plan() {
  SweepResult result;
  result.as_of = parse_rfc3339("2026-03-31T12:00:00Z").value();
  result.lines = {line("messages", 7), line("notes", 0)};
  return result;
}

formats::ReviewedPlan reviewed(const std::string& text) {
  return formats::read_sweep_plan(text, "plan.json");
}

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), instead);
}

}  // namespace

TEST_CASE("a plan of a sweep is read as it was written, without what is not due") {
  const auto read = reviewed(formats::sweep_plan_text(plan(), {.database = "chat"}));
  CHECK(read.database == "chat");
  CHECK(read.as_of == plan().as_of);
  REQUIRE(read.lines.size() == 1);
  CHECK(read.lines[0].set == "messages");
  CHECK(read.lines[0].due == 7);
  CHECK(formats::beyond_plan(read, plan(), DataMap{}, "chat").empty());
}

TEST_CASE("a plan of a sweep says whose all it removes, and who has planned it") {
  const auto text = formats::sweep_plan_text(
      plan(), {.database = "chat", .removes_tenants = {"harbour"}, .planned_with = "0123"});
  CHECK(formats::is_sweep_plan(text));
  const auto read = reviewed(text);
  CHECK(read.removes_tenants == std::vector<std::string>{"harbour"});
  CHECK(read.planned_with == "0123");
  CHECK(formats::sweep_plan_report(read).find("It removes whole tenants: harbour") !=
        std::string::npos);
  CHECK_THROWS_WITH_AS(reviewed(with(text, "[\n    \"harbour\"\n  ]", "[]")),
                       doctest::Contains("was changed since it was written"), Error);
  CHECK_FALSE(formats::is_sweep_plan("{}"));
  CHECK_FALSE(formats::is_sweep_plan("["));
}

TEST_CASE("a plan of a sweep that was changed after its review is refused") {
  const auto text = formats::sweep_plan_text(plan(), {.database = "chat"});
  CHECK_THROWS_WITH_AS(reviewed(with(text, "\"rows\": 7", "\"rows\": 9")),
                       doctest::Contains("was changed since it was written"), Error);
  CHECK_THROWS_WITH_AS(reviewed(with(text, "2025-12-31", "2026-01-31")),
                       doctest::Contains("was changed since it was written"), Error);
  CHECK_THROWS_WITH_AS(reviewed(with(text, "\"chat\"", "\"chatty\"")),
                       doctest::Contains("was changed since it was written"), Error);
}

TEST_CASE("what is no plan of a sweep is refused") {
  CHECK_THROWS_AS(reviewed(""), Error);
  CHECK_THROWS_AS(reviewed("{}"), Error);
  CHECK_THROWS_AS(reviewed("[1]"), Error);
}

TEST_CASE("a sweep goes beyond its plan by more rows, other rules, other cut-offs, not by fewer") {
  const auto read = reviewed(formats::sweep_plan_text(plan(), {.database = "chat"}));
  auto now = plan();
  now.lines[0].due = 6;
  CHECK(formats::beyond_plan(read, now, DataMap{}, "chat").empty());
  now.lines[0].due = 8;
  CHECK(formats::beyond_plan(read, now, DataMap{}, "chat").size() == 1);
  now = plan();
  now.lines[0].cut_off = "2026-01-01T00:00:00Z";
  CHECK(formats::beyond_plan(read, now, DataMap{}, "chat").size() == 1);
  now = plan();
  now.lines[1].due = 1;
  CHECK(formats::beyond_plan(read, now, DataMap{}, "chat").size() == 1);
  now = plan();
  now.lines[0].action = "mask";
  CHECK(formats::beyond_plan(read, now, DataMap{}, "chat").size() == 1);
  CHECK(formats::beyond_plan(read, plan(), DataMap{}, "another").size() == 1);
}
