#include "core/erasure_batches.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace dsar;

namespace {

/// A person's rows in tables with one record set each, whose rows are reached along links.
struct World {
  DataMap map;
  Catalogue catalogue;
  std::vector<ErasureRows> sets;
  std::vector<SetSchedule> schedule;
  std::vector<SetSelection> selections;
  const SubjectKeys roots{{"people", {{"1"}}}};

  World() {
    for (const auto* name : {"people", "threads", "posts", "files"}) {
      auto& table = map.tables.emplace_back();
      table.name = {"desk", name};
      table.sets.emplace_back().name = name;
      auto& live = catalogue.tables[table.name];
      live.name = table.name;
    }
    map.tables.front().sets.front().identities.emplace_back().kind = "email";
    link("threads", {"people"});
    link("posts", {"threads", "people"});
    link("files", {"posts", "threads", "people"});
  }

  [[nodiscard]] SetRef set(const std::string& name) const { return find_set(map, name); }

  /// Rows of `from` hang on the first of `to`, which hang on the next, and so on.
  void link(const std::string& from, const std::vector<std::string>& to) {
    auto& linked = find(from).links.emplace_back();
    linked.to = to.front();
  }

  void refer(const std::string& from, const std::string& to) {
    auto& key = catalogue.tables.at({"desk", from}).foreign_keys.emplace_back();
    key.name = from + "_" + to + "_fkey";
    key.columns = {to + "_id"};
    key.target = {"desk", to};
    key.target_columns = {"id"};
  }

  /// Rows of the set that go, and after them rows that stay.
  ErasureRows& rows(const std::string& name, std::size_t going, std::size_t staying = 0) {
    auto& rows = sets.emplace_back();
    rows.set = set(name);
    rows.columns = {{"id", "bigint"}};
    rows.address = 1;
    rows.values.resize(1);
    for (std::size_t row = 0; row < going + staying; ++row) {
      rows.values[0].push_back(std::to_string(row + 1));
      rows.fate.push_back(RowFate::keep);
      rows.ground.push_back(0);
      rows.decide(row, row < going ? RowFate::remove : RowFate::keep, {});
    }
    return rows;
  }

  /// Rows of `name` are reached by way of these sets.
  void reached(const std::string& name, const std::vector<std::string>& through) {
    auto& selection = selections.emplace_back();
    selection.set = set(name);
    auto& path = selection.paths.emplace_back();
    auto from = selection.set;
    for (const auto& next : through) {
      path.steps.push_back({from, &find(from.set->name).links.front(), set(next)});
      from = set(next);
    }
    path.root = from;
  }

  [[nodiscard]] ErasureBatches plan() const {
    return plan_batches(map, catalogue, sets, schedule, selections, roots);
  }

  [[nodiscard]] std::string order() const {
    std::string text;
    for (const auto& one : plan().order) text += (text.empty() ? "" : " ") + one.set->name;
    return text;
  }

 private:
  RecordSet& find(const std::string& name) {
    const auto table = std::find_if(map.tables.begin(), map.tables.end(),
                                    [&](const Table& one) { return one.name.name == name; });
    return table->sets.front();
  }
};

}  // namespace

TEST_CASE("rows that nothing needs go ahead, those of the person never") {
  World world;
  world.rows("people", 1);
  world.rows("posts", 7);
  world.reached("posts", {"threads", "people"});
  const auto batches = world.plan();
  REQUIRE(batches.order.size() == 1);
  CHECK(batches.order.front().set->name == "posts");
  CHECK(batches.rows == 7);
  CHECK(batches.noted.empty());
}

TEST_CASE("what refers, and what is only reached through others, goes before them") {
  World world;
  world.rows("people", 1);
  world.rows("threads", 2);
  world.rows("posts", 3);
  world.rows("files", 4);
  world.reached("threads", {"people"});
  world.reached("posts", {"threads", "people"});
  world.reached("files", {"posts", "threads", "people"});
  world.refer("posts", "threads");
  CHECK(world.order() == "files posts threads");
  CHECK(world.plan().rows == 9);
}

TEST_CASE("rows that something refers to which stays are left for the last transaction") {
  World world;
  world.rows("posts", 3);
  world.rows("files", 1, 1);
  world.refer("files", "posts");
  CHECK(world.order() == "files");
}

TEST_CASE("rows that stay and are reached through rows that go ahead are noted") {
  World world;
  world.rows("posts", 3);
  world.rows("files", 0, 2);
  world.reached("posts", {"threads", "people"});
  world.reached("files", {"posts", "threads", "people"});
  CHECK(world.order() == "posts");
  CHECK(world.plan().noted == SubjectKeys{{"files", {{"1"}, {"2"}}}});

  SUBCASE("and without a key keep the others") {
    world.sets.back().columns = {{"tableoid", "oid"}, {"ctid", "tid"}};
    world.sets.back().address = 2;
    world.sets.back().values.push_back(world.sets.back().values.front());
    CHECK(world.order().empty());
  }
}

TEST_CASE("rows without a key, that are shared, or refer to their own table, do not go ahead") {
  World world;
  auto& rows = world.rows("posts", 3);
  CHECK(world.order() == "posts");
  SUBCASE("without a key") {
    rows.columns = {{"tableoid", "oid"}, {"ctid", "tid"}};
    rows.address = 2;
    rows.values.push_back(rows.values.front());
    CHECK(world.order().empty());
  }
  SUBCASE("shared") {
    world.map.tables[2].sets.front().erase.unless_referenced_by.emplace_back().table = {"desk",
                                                                                        "files"};
    CHECK(world.order().empty());
  }
  SUBCASE("refer to each other") {
    world.refer("posts", "posts");
    CHECK(world.order().empty());
  }
}

TEST_CASE("sets that wait for each other are left for the last transaction") {
  World world;
  world.rows("threads", 2);
  world.rows("posts", 3);
  world.rows("files", 1);
  world.refer("posts", "threads");
  world.refer("threads", "posts");
  CHECK(world.order() == "files");
}
