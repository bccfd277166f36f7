#include "core/erasure_order.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace dsar;

namespace {

/// A map and a catalogue of tables with one record set each.
struct World {
  DataMap map;
  Catalogue catalogue;

  explicit World(const std::vector<std::string>& names) {
    for (const auto& name : names) {
      auto& table = map.tables.emplace_back();
      table.name = {"desk", name};
      table.sets.emplace_back().name = name;
      auto& live = catalogue.tables[table.name];
      live.name = table.name;
    }
  }

  CatalogueForeignKey& refer(const std::string& from, const std::string& to) {
    auto& key = catalogue.tables.at({"desk", from}).foreign_keys.emplace_back();
    key.name = from + "_" + to + "_fkey";
    key.columns = {to + "_id"};
    key.target = {"desk", to};
    key.target_columns = {"id"};
    return key;
  }

  [[nodiscard]] std::string order() const {
    std::string text;
    for (const auto& table : deletion_order(map, catalogue, record_sets(map)))
      text += (text.empty() ? "" : " ") + table.name;
    return text;
  }
};

}  // namespace

TEST_CASE("what refers is deleted before what it refers to") {
  World world({"people", "threads", "posts", "log"});
  world.refer("posts", "threads");
  world.refer("threads", "people");
  CHECK(world.order() == "posts threads people log");
  world.refer("log", "posts").on_delete = 'c';
  CHECK(world.order() == "log posts threads people");
}

TEST_CASE("a reference to its own table, or that ends first, asks for no order") {
  World world({"people", "posts"});
  world.refer("people", "people");
  world.refer("posts", "people");
  auto& back = world.refer("people", "posts");
  SUBCASE("the database sets it to NULL") {
    back.on_delete = 'n';
  }
  SUBCASE("the database looks at it last") {
    back.deferrable = true;
  }
  SUBCASE("the map says that it may be set to NULL") {
    world.map.tables[0].sets[0].erase.nullify_first = {"posts_id"};
  }
  CHECK(world.order() == "posts people");
}

TEST_CASE("a cycle that nothing breaks is refused by the names of its tables") {
  World world({"people", "posts", "log"});
  world.refer("posts", "people");
  world.refer("people", "posts").deferrable = true;
  SUBCASE("RESTRICT does not wait for the end") {
    world.catalogue.tables.at({"desk", "people"}).foreign_keys.back().on_delete = 'r';
  }
  SUBCASE("neither does a key that is not deferrable") {
    world.catalogue.tables.at({"desk", "people"}).foreign_keys.back().deferrable = false;
  }
  CHECK_THROWS_WITH_AS(static_cast<void>(world.order()),
                       "the foreign keys of these tables form a cycle: desk.people, desk.posts",
                       Error);
}
