#include "core/reach.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/error.hpp"

using namespace dsar;

namespace {

/// visitors <- conversations <- messages, and messages by their author too.
struct Desk {
  DataMap map;
  Catalogue catalogue;

  Desk() {
    table("visitors");
    table("conversations");
    table("messages");
    IdentitySource source;
    source.kind = "visitor";
    source.columns = {"id"};
    set("visitors").identities.push_back(source);
    set("visitors").relation = Relation::own;
    link("conversations", "visitors", "visitor_id");
    link("messages", "conversations", "conversation_id");
    auto& author = link("messages", "visitors", "sender_id");
    author.on = SqlFragment{"this.sender_type = 'visitor'", {}};
    author.relation = Relation::author;
  }

  void table(const std::string& name) {
    Table table;
    table.name = {"desk", name};
    RecordSet record_set;
    record_set.name = name;
    table.sets.push_back(record_set);
    map.tables.push_back(table);
    auto& live = catalogue.tables[table.name];
    live.name = table.name;
    live.primary_key = {"id"};
    for (const auto* column : {"id", "visitor_id", "conversation_id", "sender_id", "sender_type"}) {
      CatalogueColumn live_column;
      live_column.name = column;
      live_column.type = live_column.base_type = "bigint";
      live.columns.push_back(live_column);
    }
  }

  RecordSet& set(const std::string& name) {
    for (auto& each : map.tables) {
      if (each.name.name == name) return each.sets.front();
    }
    throw std::logic_error("no such table");
  }

  Link& link(const std::string& from, const std::string& to, const std::string& column) {
    Link made;
    made.to = to;
    made.match = {{column, "id"}};
    return set(from).links.emplace_back(made);
  }

  [[nodiscard]] std::vector<std::string> ways(const std::string& name) const {
    std::vector<std::string> ways;
    for (const auto& reach : plan_reach(map)) {
      if (reach.set.set->name != name) continue;
      for (const auto& path : reach.paths) ways.push_back(describe(path));
    }
    return ways;
  }
};

using Ways = std::vector<std::string>;

}  // namespace

TEST_CASE("every way from a record set to the subject is found") {
  const Desk desk;
  CHECK(desk.ways("visitors") == Ways{"visitors"});
  CHECK(desk.ways("messages") ==
        Ways{"messages <- conversations <- visitors", "messages <- visitors"});
}

TEST_CASE("what only mentions the subject leads no further unless the map says so") {
  Desk desk;
  desk.set("conversations").relation = Relation::mentions;
  CHECK(desk.ways("messages") == Ways{"messages <- visitors"});
  desk.set("messages").links.front().through = {Relation::mentions};
  CHECK(desk.ways("messages") ==
        Ways{"messages <- conversations <- visitors", "messages <- visitors"});
}

TEST_CASE("a cycle of links is refused by name") {
  Desk desk;
  desk.link("conversations", "messages", "last_message_id");
  CHECK_THROWS_WITH_AS(plan_reach(desk.map),
                       doctest::Contains("conversations -> messages -> conversations"), Error);
}

TEST_CASE("a record set that nothing leads to has no way") {
  Desk desk;
  desk.set("messages").links.clear();
  CHECK(desk.ways("messages").empty());
}

TEST_CASE("a row that several ways lead to counts for the first alone") {
  const Desk desk;
  const SubjectKeys keys{{"visitors", {{"7"}, {"8"}}}};
  const ReachContext context{desk.map, desk.catalogue, keys, {}};
  for (const auto& reach : plan_reach(desk.map)) {
    if (reach.set.set->name != "messages") continue;
    SqlStatement first;
    CHECK(from_where(context, reach.set, reach.paths, 0, first).find("NOT") == std::string::npos);
    SqlStatement second;
    const auto sql = from_where(context, reach.set, reach.paths, 1, second);
    CHECK(sql.find("NOT EXISTS") != std::string::npos);
    CHECK(sql.find("t0.sender_type = 'visitor'") != std::string::npos);
    // Values are bound, once each.
    REQUIRE(second.params().size() == 1);
    CHECK(second.params().front() == "{\"7\",\"8\"}");
  }
}

TEST_CASE("a way that no row of the subject is at the end of is not live") {
  const Desk desk;
  for (const auto& reach : plan_reach(desk.map)) CHECK(live_paths(reach, {}).empty());
}

TEST_CASE("the columns that a way reads are known beforehand") {
  const Desk desk;
  const SubjectKeys keys{{"visitors", {{"7"}}}};
  const ReachContext context{desk.map, desk.catalogue, keys, {}};
  for (const auto& reach : plan_reach(desk.map)) {
    if (reach.set.set->name != "messages") continue;
    auto columns = columns_read(context, reach.set, reach.paths.back())[{"desk", "messages"}];
    std::sort(columns.begin(), columns.end());
    CHECK(columns == Ways{"sender_id", "sender_type"});
  }
}
