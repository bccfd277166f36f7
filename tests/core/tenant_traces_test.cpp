#include "core/tenant_traces.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace dsar;

namespace {

struct World {
  DataMap map;
  Catalogue catalogue;

  World() {
    map.tenants.emplace();
    map.tenants->table = {"desk", "tenants"};
    map.tenants->key = "id";
    table("tenants", {"id"});
    table("posts", {"id", "tenant_id"});
    map.tables.emplace_back().name = {"desk", "posts"};
    map.tables.back().tenant.emplace_back().column = "tenant_id";
    map.tables.emplace_back().name = map.tenants->table;
    map.tables.back().tenant.emplace_back().column = "id";
  }

  CatalogueTable& table(const std::string& name, const std::vector<std::string>& columns) {
    auto& live = catalogue.tables[{"desk", name}];
    live.name = {"desk", name};
    for (const auto& column : columns) {
      live.columns.push_back({});
      live.columns.back().name = column;
      live.columns.back().type = "bigint";
    }
    return live;
  }

  [[nodiscard]] std::string traces() {
    std::string text;
    unseen.clear();
    for (const auto& one : tenant_traces(map, catalogue, unseen))
      text += (text.empty() ? "" : " ") + one.table.name + "." + one.column;
    return text;
  }

  std::vector<Omission> unseen;
};

}  // namespace

TEST_CASE("a tenant may be named in columns called as the map's, and in those that refer to it") {
  World world;
  CHECK(world.traces().empty());
  world.table("stray", {"id", "tenant_id"});
  auto& key = world.table("owned", {"id", "owner"}).foreign_keys.emplace_back();
  key.columns = {"owner"};
  key.target = {"desk", "tenants"};
  key.target_columns = {"id"};
  CHECK(world.traces() == "owned.owner stray.tenant_id");
  CHECK(world.unseen.empty());

  SUBCASE("also in a table whose rows the map finds by another way") {
    world.map.tables.emplace_back().name = {"desk", "stray"};
    world.map.tables.back().tenant.emplace_back().via.emplace_back().table = {"desk", "posts"};
    CHECK(world.traces() == "owned.owner stray.tenant_id");
  }
  SUBCASE("but not where the map knows the rows to be its own by that column") {
    world.map.tables.emplace_back().name = {"desk", "stray"};
    world.map.tables.back().tenant.emplace_back().column = "tenant_id";
    CHECK(world.traces() == "owned.owner");
  }
  SUBCASE("views and partitions hold no rows of their own") {
    world.catalogue.tables.at({"desk", "stray"}).kind = 'v';
    world.catalogue.tables.at({"desk", "owned"}).partition_of = {"desk", "posts"};
    CHECK(world.traces().empty());
  }
  SUBCASE("what cannot be seen is told") {
    world.catalogue.tables.at({"desk", "stray"}).columns.back().readable = false;
    world.catalogue.tables.at({"desk", "owned"}).row_security = true;
    CHECK(world.traces().empty());
    REQUIRE(world.unseen.size() == 2);
    CHECK(world.unseen.front().what == "desk.owned.owner");
  }
}

TEST_CASE("a column of the key's own type is compared as such, any other as text") {
  World world;
  world.table("stray", {"id", "tenant_id"});
  const TenantTrace trace{{"desk", "stray"}, "tenant_id"};
  CHECK(trace_statement(world.map, world.catalogue, trace, "7").text.find("::text") ==
        std::string::npos);
  world.catalogue.tables.at({"desk", "stray"}).columns.back().type = "character varying";
  CHECK(trace_statement(world.map, world.catalogue, trace, "7").text.find("\"tenant_id\"::text") !=
        std::string::npos);
}
