#include "core/sweep_bounds.hpp"

#include <doctest/doctest.h>

namespace {

using namespace dsar;

SweepLine line(const std::string& set, std::uint64_t due, std::uint64_t deleted = 0,
               const std::string& rule = "chat", const std::string& tenant = "acme") {
  SweepLine one;
  one.tenant = tenant;
  one.set = set;
  one.rule = rule;
  one.action = "delete";
  one.due = due;
  one.deleted = deleted;
  return one;
}

/// Notes, and a trash that a trigger puts them into.
DataMap notes_and_trash() {
  DataMap map;
  for (const auto* name : {"notes", "trash"}) {
    Table table;
    table.name = {"desk", name};
    RecordSet set;
    set.name = name;
    set.clock = Clock{};
    if (set.name == "trash") {
      set.clock->parents = {"notes"};
      set.clock->undated_due = true;
    }
    table.sets.push_back(set);
    map.tables.push_back(table);
  }
  return map;
}

}  // namespace

TEST_CASE("what has gone and what has come up are held against the plan together") {
  const std::vector<SweepLine> planned{line("notes", 10)};
  CHECK(rows_beyond({}, planned, {line("notes", 10, 7)}, {line("notes", 3)}).empty());
  CHECK(rows_beyond({}, planned, {line("notes", 10, 8)}, {line("notes", 3)}) ==
        std::vector<std::string>{"acme, notes: 11 rows instead of 10"});
  CHECK(rows_beyond({}, planned, {line("notes", 10, 10)}, {line("notes", 0)}).empty());
  CHECK(rows_beyond({}, planned, {}, {line("files", 1)}).size() == 1);
  // Another tenant's rows are not this one's.
  CHECK(rows_beyond({}, planned, {}, {line("notes", 1, 0, "chat", "bolt")}).size() == 1);
}

TEST_CASE("rows that a rule took in another's stead are no more than were planned") {
  const std::vector<SweepLine> planned{line("notes", 6), line("notes", 4, 0, "contract")};
  CHECK(rows_beyond({}, planned, {line("notes", 6, 1)}, {line("notes", 9, 0, "contract")}).empty());
  CHECK(rows_beyond({}, planned, {line("notes", 6, 2)}, {line("notes", 9, 0, "contract")}).size() ==
        1);
}

TEST_CASE("every row that goes may leave a copy whose parent is gone, and no more") {
  const auto map = notes_and_trash();
  const std::vector<SweepLine> planned{line("notes", 10)};
  CHECK(copies_of_planned(map, planned, "trash", "") == 10);
  CHECK(copies_of_planned(map, planned, "trash", "bolt") == 0);
  CHECK(copies_of_planned(map, planned, "notes", "") == 0);
  // Whose the copies are nobody may know any more.
  CHECK(
      rows_beyond(map, planned, {line("trash", 0, 4, "", "")}, {line("trash", 6, 0, "")}).empty());
  CHECK(
      rows_beyond(map, planned, {line("trash", 0, 5, "", "")}, {line("trash", 6, 0, "")}).size() ==
      1);
  CHECK(rows_beyond(map, planned, {}, {line("trash", 10)}).empty());
  CHECK(rows_beyond(map, planned, {}, {line("trash", 1, 0, "chat", "bolt")}).size() == 1);
}

TEST_CASE("a second round is as large as all that went before it and itself") {
  SweepResult done;
  done.lines = {line("notes", 10, 8), line("files", 5, 5)};
  SweepResult found;
  found.lines = {line("notes", 2), line("trash", 8, 0, "")};
  CHECK(in_all(done, found).due() == 23);
}
