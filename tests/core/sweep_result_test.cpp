#include "core/sweep_result.hpp"

#include <doctest/doctest.h>

using namespace dsar;

namespace {

SweepLine line_of(const std::string& set) {
  SweepLine line;
  line.set = set;
  line.rule = "chat";
  line.action = "delete";
  return line;
}

SweepResult result_of(std::vector<SweepLine> lines) {
  SweepResult result;
  result.lines = std::move(lines);
  return result;
}

}  // namespace

TEST_CASE("what failed and is due still has failed, for the same reason") {
  auto line = line_of("posts");
  line.failed = 7;
  line.note = "a lock was held";
  auto result = result_of({line});
  auto now = line_of("posts");
  now.due = 5;
  settle(result, result_of({now}));
  CHECK(result.lines.at(0).failed == 5);
  CHECK(result.lines.at(0).left_over == 0);
  CHECK(result.lines.at(0).note == "a lock was held");
}

TEST_CASE("what failed and has gone in another round is no fault any more") {
  auto line = line_of("posts");
  line.failed = 7;
  line.note = "a lock was held";
  SUBCASE("nothing of the set is counted") {
    auto result = result_of({line});
    settle(result, {});
    CHECK(result.lines.at(0).failed == 0);
    CHECK(result.lines.at(0).note.empty());
  }
  SUBCASE("something of it stays for another reason") {
    auto result = result_of({line});
    auto now = line_of("posts");
    now.left_over = 2;
    now.note = "a row that stays refers to them";
    settle(result, result_of({now}));
    CHECK(result.lines.at(0).failed == 0);
    CHECK(result.lines.at(0).left_over == 2);
    CHECK(result.lines.at(0).note == "a row that stays refers to them");
  }
}

TEST_CASE("what is due still and has not failed is left over") {
  auto result = result_of({line_of("posts")});
  auto now = line_of("posts");
  now.due = 3;
  now.held = 2;
  settle(result, result_of({now}));
  CHECK(result.lines.at(0).left_over == 3);
  CHECK(result.lines.at(0).held == 2);
}

TEST_CASE("what comes up while a sweep is under way is left over, on a line of its own") {
  auto result = result_of({line_of("posts")});
  auto now = line_of("notes");
  now.due = 3;
  settle(result, result_of({now, line_of("log")}));
  REQUIRE(result.lines.size() == 2);
  CHECK(result.lines.at(1).set == "notes");
  CHECK(result.lines.at(1).left_over == 3);
}
