#include "core/cascaded_sets.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace dsar;

namespace {

const TableName parents{"public", "parents"};
const TableName children{"public", "children"};
const TableName notes{"public", "notes"};

SqlFragment sql(const char* text) {
  return {text, {}};
}

CatalogueColumn bigint(const char* name) {
  CatalogueColumn column;
  column.name = name;
  column.type = column.base_type = "bigint";
  column.category = 'N';
  return column;
}

CatalogueTable table(const TableName& name) {
  CatalogueTable live;
  live.name = name;
  live.columns = {bigint("id"), bigint("parent_id")};
  live.primary_key = {"id"};
  return live;
}

void refer(CatalogueTable& from, const TableName& to, char on_delete) {
  CatalogueForeignKey key;
  key.name = from.name.name + "_fkey";
  key.columns = {"parent_id"};
  key.target = to;
  key.target_columns = {"id"};
  key.on_delete = on_delete;
  from.foreign_keys.push_back(key);
}

Table mapped(const TableName& name, const char* clock) {
  Table table;
  table.name = name;
  table.sets.resize(1);
  auto& set = table.sets.front();
  set.name = name.name;
  set.subject = "visitor";
  set.clock.emplace();
  if (clock != nullptr) set.clock->expression = sql(clock);
  return table;
}

/// Rows of `set` go with the rows of `to` that their parent_id names.
void hang(RecordSet& set, const TableName& to) {
  set.clock->parents = {to.name};
  Link link;
  link.to = to.name;
  link.match = {{"parent_id", "id"}};
  set.links.push_back(link);
}

/// Children hang on parents, and their key takes them along.
struct Fixture {
  DataMap map;
  Catalogue catalogue;
  Held held;
  std::map<std::string, ClockType> types{{"parents", ClockType::timestamptz}};
  std::vector<SetSchedule> schedule;
  SweepTenant tenant;
  EffectiveRule rule;

  Fixture() {
    tenant.zone = Zone::named("UTC");
    map.tables = {mapped(parents, "created_at"), mapped(children, nullptr)};
    hang(child(), parents);
    catalogue.tables[parents] = table(parents);
    catalogue.tables[children] = table(children);
    refer(catalogue.tables[children], parents, 'c');
  }

  RecordSet& child() { return map.tables[1].sets.front(); }
  CatalogueTable& live_child() { return catalogue.tables[children]; }

  [[nodiscard]] std::vector<std::string> taken() const {
    const SweepWorld world{map, catalogue, held, types, schedule};
    SweepPass pass;
    pass.set = find_set(map, "parents");
    std::vector<std::string> names;
    for (const auto& set : cascaded_sets(world, pass)) names.push_back(set.set->name);
    std::sort(names.begin(), names.end());
    return names;
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("rows that a key takes along, and that nothing can keep, are left to the key") {
  const Fixture one;
  CHECK(one.taken() == Names{"children"});
}

TEST_CASE("rows that a key does not take along need a statement of their own") {
  Fixture one;
  one.live_child().foreign_keys.front().on_delete = 'a';
  CHECK(one.taken().empty());
}

TEST_CASE("rows that the role may not delete or see are not left to a key") {
  Fixture closed;
  closed.live_child().deletable = false;
  CHECK(closed.taken().empty());
  Fixture hidden;
  hidden.live_child().row_security = true;
  CHECK(hidden.taken().empty());
}

TEST_CASE("rows of a set that shares its table, or has objects outside, are not left to a key") {
  Fixture part;
  part.child().predicate = sql("id > 0");
  CHECK(part.taken().empty());
  Fixture objects;
  objects.child().objects.push_back({"s3://files", sql("id::text"), {}});
  CHECK(objects.taken().empty());
}

TEST_CASE("rows that a hold can keep are not left to a key") {
  Fixture one;
  one.held.sets.push_back({"hold 1", "", "children", std::nullopt});
  CHECK(one.taken().empty());
}

TEST_CASE("rows that a ground by law can keep are not left to a key") {
  Fixture recorded;
  recorded.child().legal_ground = sql("'tax'");
  CHECK(recorded.taken().empty());

  Fixture until;
  SetSchedule schedule;
  schedule.set = find_set(until.map, "children");
  schedule.tenant = &until.tenant;
  schedule.kept_by_law = DueCut{&until.rule, SweepAction::remove, {}};
  until.schedule.push_back(schedule);
  CHECK(until.taken().empty());

  Fixture always;
  schedule.set = find_set(always.map, "children");
  schedule.kept_by_law.reset();
  schedule.kept_always = &always.rule;
  always.schedule.push_back(schedule);
  CHECK(always.taken().empty());
}

TEST_CASE("rows with which others go are left to a key only if these are too") {
  Fixture one;
  one.map.tables.push_back(mapped(notes, nullptr));
  hang(one.map.tables[2].sets.front(), children);
  one.catalogue.tables[notes] = table(notes);
  refer(one.catalogue.tables[notes], children, 'c');
  CHECK(one.taken() == Names{"children", "notes"});

  one.catalogue.tables[notes].deletable = false;
  CHECK(one.taken().empty());
}
