#include "core/tenant_sql.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace dsar;

namespace {

/// Taggings of visitors (who belong to a tenant), of inboxes (by way of their visitor) and others.
struct Desk {
  DataMap map;
  Catalogue catalogue;

  Desk() {
    map.tenants = Tenants{};
    map.tenants->table = {"desk", "tenants"};
    map.tenants->key = "id";
    table("visitors").tenant.emplace_back().column = "tenant_id";
    table("inboxes").tenant = {by("visitors", "visitor_id")};
    auto of_visitor = by("visitors", "taggable_id");
    of_visitor.when = SqlFragment{"this.kind = 'v'", {}};
    auto of_inbox = by("inboxes", "taggable_id");
    of_inbox.when = SqlFragment{"this.kind = 'i'", {}};
    table("taggings").tenant = {of_visitor, of_inbox};
    table("countries");
  }

  Table& table(const std::string& name) {
    Table table;
    table.name = {"desk", name};
    auto& live = catalogue.tables[table.name];
    live.name = table.name;
    CatalogueColumn column;
    column.name = "tenant_id";
    column.type = column.base_type = "bigint";
    live.columns.push_back(column);
    return map.tables.emplace_back(table);
  }

  static TenantPath by(const std::string& name, const std::string& column) {
    TenantPath path;
    Hop hop;
    hop.table = {"desk", name};
    hop.alias = name;
    hop.match = {{column, "id"}};
    path.via = {hop};
    return path;
  }

  std::string condition(const std::string& name) {
    SqlStatement statement;
    return tenant_condition(map, catalogue, *find_table(map, {"desk", name}), "t0", "6", statement);
  }
  std::string expression(const std::string& name) {
    return tenant_expression(map, *find_table(map, {"desk", name}), "t0");
  }
};

}  // namespace

TEST_CASE("a row's tenant is said by its column, or by the row that it leads to") {
  Desk desk;
  CHECK(desk.condition("visitors") == R"("t0"."tenant_id" = $1::bigint)");
  CHECK(desk.condition("inboxes") ==
        R"(EXISTS (SELECT 1 FROM "desk"."visitors" AS "t0h" WHERE "t0h"."id" = "t0"."visitor_id")"
        R"( AND "t0h"."tenant_id" = $1::bigint))");
  CHECK(desk.expression("visitors") == R"("t0"."tenant_id"::text)");
}

TEST_CASE(
    "a global table has no condition, and neither has anything where no tenant is asked for") {
  Desk desk;
  CHECK(desk.condition("countries").empty());
  CHECK(desk.expression("countries") == "''");
  SqlStatement statement;
  CHECK(tenant_condition(desk.map, desk.catalogue, desk.map.tables.front(), "t0", "", statement)
            .empty());
}

TEST_CASE("of several paths the first whose condition holds is the only one") {
  Desk desk;
  CHECK(desk.condition("taggings") ==
        R"((((t0.kind = 'v') AND EXISTS (SELECT 1 FROM "desk"."visitors" AS "t0h" WHERE )"
        R"("t0h"."id" = "t0"."taggable_id" AND "t0h"."tenant_id" = $1::bigint)) OR )"
        R"(((t0.kind = 'v') IS NOT TRUE AND (t0.kind = 'i') AND EXISTS (SELECT 1 FROM )"
        R"("desk"."inboxes" AS "t0h" WHERE "t0h"."id" = "t0"."taggable_id" AND EXISTS (SELECT 1 )"
        R"(FROM "desk"."visitors" AS "t0hh" WHERE "t0hh"."id" = "t0h"."visitor_id" AND )"
        R"("t0hh"."tenant_id" = $1::bigint)))))");
  CHECK(desk.expression("taggings").rfind(R"(CASE WHEN (t0.kind = 'v') THEN (SELECT )", 0) == 0);
  CHECK(desk.expression("taggings").find(" ELSE ") == std::string::npos);
}

TEST_CASE("the last path may hold for all that are left") {
  Desk desk;
  auto& paths = desk.map.tables.at(2).tenant;
  paths.at(1) = TenantPath{};
  paths.at(1).column = "tenant_id";
  CHECK(desk.condition("taggings")
            .find(R"( OR ((t0.kind = 'v') IS NOT TRUE AND "t0"."tenant_id" = $1::bigint))") !=
        std::string::npos);
  CHECK(desk.expression("taggings").find(R"( ELSE "t0"."tenant_id"::text END)") !=
        std::string::npos);
}

TEST_CASE("a path that ends where nothing has a tenant is refused") {
  Desk desk;
  desk.map.tables.at(1).tenant = {Desk::by("countries", "country")};
  CHECK_THROWS_AS(desk.condition("inboxes"), Error);
}
