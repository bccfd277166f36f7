#include "core/grants.hpp"

#include <doctest/doctest.h>

using namespace dsar;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ColumnRule column(const std::string& name, ColumnUse use) {
  ColumnRule rule;
  rule.name = name;
  rule.use = use;
  return rule;
}

Table table(const std::string& name, std::vector<ColumnRule> columns,
            std::vector<RecordSet> sets = {}) {
  Table result;
  result.name = {"desk", name};
  result.columns = std::move(columns);
  result.sets = std::move(sets);
  return result;
}

RecordSet record_set(const std::string& name, EraseAction action, bool clock = false) {
  RecordSet set;
  set.name = name;
  set.erase.action = action;
  if (clock) set.clock = Clock{};
  return set;
}

}  // namespace

TEST_CASE("without a map the roles may use the tool's own schema and nothing else") {
  const auto sql = grants_sql(nullptr);
  CHECK(contains(sql, "GRANT USAGE ON SCHEMA dsar TO dsar_reader;"));
  CHECK(contains(sql,
                 "GRANT INSERT ON TABLE dsar.hold, dsar.request, dsar.request_step, dsar.choice TO "
                 "dsar_officer;"));
  CHECK(contains(sql, "GRANT DELETE ON TABLE dsar.kept_event TO dsar_sweeper;"));
  CHECK_FALSE(contains(sql, R"(ON TABLE ")"));
  CHECK_FALSE(contains(sql, "ON ALL TABLES IN SCHEMA \""));
}

TEST_CASE("the reader may read mapped tables, but no column that is secret to everybody") {
  DataMap map;
  auto agents = record_set("agents", EraseAction::mask);
  agents.columns = {column("token", ColumnUse::not_personal)};  // secret for customers only
  map.tables = {
      table("user",
            {column("id", ColumnUse::key), column("email", ColumnUse::personal),
             column("password_hash", ColumnUse::secret), column("token", ColumnUse::secret)},
            {record_set("customers", EraseAction::remove), agents}),
      table("plain", {column("x", ColumnUse::personal)},
            {record_set("plain", EraseAction::remove)}),
      table("untouched", {column("x", ColumnUse::not_personal)})};
  const auto sql = grants_sql(&map);
  CHECK(contains(
      sql, R"(GRANT SELECT ("email", "id", "token") ON TABLE "desk"."user" TO dsar_reader;)"));
  CHECK(contains(sql, R"(GRANT SELECT ON TABLE "desk"."plain" TO dsar_reader;)"));
  CHECK_FALSE(contains(sql, "untouched"));
  CHECK(contains(sql, R"(GRANT USAGE ON SCHEMA "desk" TO dsar_reader;)"));
}

TEST_CASE("the reader may read what links, identities, tenants and references lead through") {
  const auto hop = [](const std::string& name) {
    Hop h;
    h.table = {"desk", name};
    return std::vector<Hop>{h};
  };
  DataMap map;
  map.tenants = Tenants{};
  map.tenants->table = {"desk", "company"};
  auto set = record_set("messages", EraseAction::remove);
  set.links = {Link{}};
  set.links[0].via = hop("by_link");
  set.identities = {IdentitySource{}};
  set.identities[0].via = hop("by_identity");
  set.erase.unless_referenced_by = {Reference{{"other", "referrer"}, {}, {}}};
  auto messages = table("message", {column("id", ColumnUse::key)}, {set});
  messages.tenant.emplace_back().via = hop("by_tenant");
  map.tables = {messages};
  const auto sql = grants_sql(&map);
  for (const auto* name :
       {R"("desk"."company")", R"("desk"."by_link")", R"("desk"."by_identity")",
        R"("desk"."by_tenant")", R"("other"."referrer")", R"("desk"."message")"}) {
    CAPTURE(name);
    CHECK(contains(sql, "GRANT SELECT ON TABLE " + std::string(name) + " TO dsar_reader;"));
  }
  CHECK(contains(sql, R"(REVOKE ALL ON ALL TABLES IN SCHEMA "other" FROM dsar_reader)"));
}

TEST_CASE("the officer may delete and change what erasing needs, key columns only to re-point") {
  DataMap map;
  auto json = column("payload", ColumnUse::not_personal);
  json.json = {JsonPathRule{}};
  auto moved = record_set("moved", EraseAction::repoint);
  moved.erase.repoint["author_id"] = SqlFragment{"0", {}};
  moved.erase.nullify_first = {"reply_to"};
  map.tables = {
      table("gone", {column("id", ColumnUse::key), column("email", ColumnUse::personal), json},
            {record_set("gone", EraseAction::remove)}),
      table("moved",
            {column("id", ColumnUse::key), column("author_id", ColumnUse::key),
             column("hash", ColumnUse::secret), column("size", ColumnUse::not_personal)},
            {moved}),
      table("keys", {column("id", ColumnUse::key)}, {record_set("keys", EraseAction::keep)})};
  const auto sql = grants_sql(&map);
  CHECK(contains(
      sql, R"(GRANT DELETE, UPDATE ("email", "payload") ON TABLE "desk"."gone" TO dsar_officer;)"));
  CHECK(contains(
      sql,
      R"(GRANT UPDATE ("author_id", "hash", "reply_to") ON TABLE "desk"."moved" TO dsar_officer;)"));
  CHECK_FALSE(contains(sql, R"(ON TABLE "desk"."keys" TO dsar_officer)"));
}

TEST_CASE("the sweeper may empty what belongs to a tenant, personal or not, and point keys away") {
  DataMap map;
  map.tenants = Tenants{};
  map.tenants->table = {"desk", "company"};
  auto user = record_set("user", EraseAction::mask);
  user.erase.repoint_references = {{{{"desk", "report"}, {{"author_id", "id"}}, {}}, {"0", {}}}};
  user.recorded_in = {{SubjectChoice::opt_out_ai, "ai"}};
  auto users = table("user", {column("ai", ColumnUse::not_personal)}, {user});
  users.tenant.emplace_back().column = "company_id";
  auto teams = table("team", {}, {});
  teams.not_personal = "settings";
  teams.tenant.emplace_back().column = "company_id";
  map.tables = {users, teams};
  const auto sql = grants_sql(&map);
  // UPDATE of one column, for the lock before a cascade.
  CHECK(contains(sql, R"(GRANT DELETE, UPDATE ("ai") ON TABLE "desk"."user" TO dsar_sweeper;)"));
  CHECK(contains(sql,
                 R"(GRANT DELETE, UPDATE ("company_id") ON TABLE "desk"."team" TO dsar_sweeper;)"));
  CHECK(contains(sql, R"(GRANT SELECT ON TABLE "desk"."team" TO dsar_reader;)"));
  CHECK(contains(sql, R"(GRANT UPDATE ("author_id") ON TABLE "desk"."report" TO dsar_sweeper;)"));
  CHECK(contains(sql, R"(GRANT UPDATE ("author_id") ON TABLE "desk"."report" TO dsar_officer;)"));
  CHECK(contains(sql, R"(GRANT UPDATE ("ai") ON TABLE "desk"."user" TO dsar_officer;)"));
  CHECK_FALSE(contains(sql, R"(ON TABLE "desk"."team" TO dsar_officer)"));
}

TEST_CASE("the sweeper may change only tables that have a clock or belong to tenants") {
  DataMap map;
  map.tables = {table("dated", {column("email", ColumnUse::personal)},
                      {record_set("dated", EraseAction::mask, true)}),
                table("timeless", {column("email", ColumnUse::personal)},
                      {record_set("timeless", EraseAction::remove)})};
  const auto sql = grants_sql(&map);
  CHECK(
      contains(sql, R"(GRANT DELETE, UPDATE ("email") ON TABLE "desk"."dated" TO dsar_sweeper;)"));
  CHECK_FALSE(contains(sql, R"(ON TABLE "desk"."timeless" TO dsar_sweeper)"));
}

TEST_CASE("names in the roles' SQL are quoted, whatever they hold") {
  DataMap map;
  map.tables = {table("Order\"; DROP TABLE x; --", {column("E\"Mail", ColumnUse::personal)},
                      {record_set("orders", EraseAction::remove)})};
  const auto sql = grants_sql(&map);
  CHECK(contains(sql, R"(GRANT SELECT ON TABLE "desk"."Order""; DROP TABLE x; --" TO)"));
  CHECK(contains(sql, R"(UPDATE ("E""Mail"))"));
}
