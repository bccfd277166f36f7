#include "formats/own_tables.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/map/own_schema.hpp"
#include "core/reach.hpp"
#include "core/sql_fragment.hpp"
#include "formats/map_reader.hpp"
#include "tests/formats/map_fixture.hpp"

using namespace dsar;

namespace {

/// People, by two key columns, who belong to teams; a team is a subject too.
constexpr const char* teams = R"({
  "dsarctl_map": 1,
  "tenants": {"table": "site", "key": "id", "slug": "slug"},
  "identities": {"email": {"category": "user.contact.email"}},
  "tables": {
    "person": {
      "tenant": "site",
      "sets": {"people": {"category": "account", "subject": "visitor",
        "identities": [{"kind": "email", "column": "email"}]}},
      "columns": {"site": "key", "number": "key", "email": "user.contact.email"}
    },
    "team": {
      "tenant": "site",
      "sets": {"teams": {"category": "account", "subject": "visitor",
        "identities": [{"kind": "email", "column": "email"}],
        "links": [{"to": "people", "match": {"owner": "number"}}]}},
      "columns": {"id": "key", "site": "key", "owner": "key", "email": "user.contact.email"}
    }
  }
})";

DataMap read(const char* text) {
  return formats::read_map_texts({{"map.json", text}});
}

/// What the database has: each table with its primary key.
Catalogue database(const std::vector<std::pair<TableName, std::vector<std::string>>>& tables) {
  Catalogue catalogue;
  for (const auto& [name, key] : tables) {
    auto& table = catalogue.tables[name];
    table.name = name;
    table.primary_key = key;
  }
  return catalogue;
}

Catalogue initialised() {
  return database({{{"public", "person"}, {"site", "number"}},
                   {{"public", "team"}, {"id"}},
                   {{"dsar", "migration"}, {"version"}},
                   {{"dsar", "hold"}, {"id"}},
                   {{"dsar", "request"}, {"id"}},
                   {{"dsar", "choice"}, {"id"}},
                   {{"dsar", "request_step"}, {"id"}}});
}

}  // namespace

TEST_CASE("holds and requests hang on every set of subjects") {
  const auto map = formats::with_own_tables(read(teams));
  for (const auto* name : {"dsar_holds", "dsar_requests", "dsar_choices"}) {
    CAPTURE(name);
    const auto own = find_set(map, name);
    REQUIRE(own.set != nullptr);
    REQUIRE(own.set->links.size() == 2);
    CHECK(own.set->links[0].to == "people");
    CHECK(own.set->links[1].to == "teams");
    CHECK(own.set->erase.action == EraseAction::keep);
    CHECK_FALSE(own.set->erase.citation.empty());
    CHECK(own.table->tenant.size() == 1);
  }
  CHECK(find_set(map, "dsar_wide_holds").set->links.empty());
}

TEST_CASE("a recorded row is found by its whole key, part by part") {
  const auto map = formats::with_own_tables(read(teams), initialised());
  const auto& links = find_set(map, "dsar_requests").set->links;
  CHECK(links.at(0).on->text ==
        "jsonb_path_exists(this.proven -> 'people', 'strict $[*] ? (@[0] == $key0 && @[1] == "
        "$key1)', jsonb_build_object('key0', \"that\".\"site\"::text, 'key1', "
        "\"that\".\"number\"::text))");
  for (const auto& link : links) CHECK(check_fragment(*link.on, {"this", "that"}, false).empty());
}

TEST_CASE("what shares a row with a subject does not share their requests") {
  const auto map = formats::with_own_tables(read(teams), initialised());
  for (const auto& reach : plan_reach(map)) {
    if (reach.set.set->name == "teams") CHECK(reach.paths.size() == 2);
    if (!is_own(reach.set.table->name)) continue;
    const auto steps = reach.set.set->name == "dsar_request_steps" ? 2U : 1U;
    if (reach.set.set->subject != about_nobody) CHECK(reach.paths.size() == 2);
    for (const auto& path : reach.paths) CHECK(path.steps.size() == steps);
  }
}

TEST_CASE("tables that the database lacks are left out") {
  const auto without = formats::with_own_tables(read(teams), database({}));
  CHECK(without.tables.size() == read(teams).tables.size());
  const auto with = formats::with_own_tables(read(teams), initialised());
  CHECK(with.tables.size() == without.tables.size() + 5);
}

TEST_CASE("subjects without a key cannot have been recorded") {
  auto catalogue = initialised();
  catalogue.tables[{"public", "team"}].primary_key.clear();
  const auto map = formats::with_own_tables(read(teams), catalogue);
  CHECK(find_set(map, "dsar_requests").set->links.size() == 1);
}

TEST_CASE("a map without tenants gives the tool's tables none") {
  auto map = read(teams);
  map.tenants.reset();
  CHECK(find_set(formats::with_own_tables(std::move(map)), "dsar_holds").table->tenant.empty());
}

TEST_CASE("fragments of the tool's own map are such as any map may have") {
  const auto map = formats::with_own_tables(read(teams), initialised());
  for (const auto& ref : record_sets(map)) {
    CAPTURE(ref.set->name);
    for (const auto* fragment : {&ref.set->predicate, &ref.set->legal_ground}) {
      if (*fragment) CHECK(check_fragment(**fragment, {"this"}, true).empty());
    }
  }
}

TEST_CASE("a map that describes the tool's own schema is refused, table by table") {
  using Faults = std::vector<std::string>;
  const std::string start =
      R"({"dsarctl_map": 1, "identities": {"email": {"category": "user.contact.email"}}, "tables": {")";
  const std::string rest = R"(": {"category": "account", "subject": "visitor",
      "identities": [{"kind": "email", "column": "email"}]}},
    "columns": {"id": "key", "email": "user.contact.email"}}}})";
  CHECK(map_fixture::faults_in(start + R"(dsar.request": {"sets": {"requests)" + rest) ==
        Faults{"/tables/dsar.request: the schema dsar is the tool's own and mapped already; leave "
               "its tables out"});
  CHECK(map_fixture::faults_in(start + R"(person": {"sets": {"dsar_requests)" + rest) ==
        Faults{"/tables/person/sets/dsar_requests: names that begin with 'dsar_' are those of the "
               "tool's own record sets"});
  CHECK(map_fixture::faults_in(start + R"(person": {"sets": {"people)" + rest).empty());
}
