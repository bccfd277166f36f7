#include "core/pg/integrations.hpp"

#include <doctest/doctest.h>

#include "core/pg/catalogue.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;

namespace {

using Names = std::vector<std::string>;

DataMap map_with(const std::string& expression) {
  DataMap map;
  map.tenants.emplace();
  map.tenants->table = {"public", "tenant"};
  map.tenants->key = "id";
  map.tenants->integrations.emplace();
  map.tenants->integrations->expression = {expression, {}};
  return map;
}

}  // namespace

TEST_CASE("a tenant's integrations are those that the map's fragment gives, or not known") {
  const pg::TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec(
      "CREATE TABLE tenant (id int, enabled text[]);"
      "INSERT INTO tenant VALUES (1, '{slack,slack,NULL,shopify}'), (2, '{}'), (3, NULL);"
      "CREATE TABLE link (tenant_id int, name text, ended date);"
      "INSERT INTO link VALUES (1, 'Slack', NULL), (1, 'Shopify', '2026-01-01'), (1, NULL, NULL)");
  const auto catalogue = pg::read_catalogue(connection);
  const auto enabled = [&](const DataMap& map, const std::string& tenant) {
    return pg::enabled_integrations(connection, map, catalogue, tenant);
  };

  const auto array = map_with("this.enabled");
  CHECK(enabled(array, "1") == Names{"shopify", "slack"});
  CHECK(enabled(array, "2") == Names{});
  CHECK_FALSE(enabled(array, "3").has_value());
  CHECK_FALSE(enabled(array, "4").has_value());
  CHECK_FALSE(enabled(DataMap{}, "1").has_value());

  auto rows = map_with("lower(l.name)");
  Hop hop;
  hop.table = {"public", "link"};
  hop.alias = "l";
  hop.match = {{"id", "tenant_id"}};
  hop.on = SqlFragment{"l.ended is null", {}};
  rows.tenants->integrations->via = {hop};
  CHECK(enabled(rows, "1") == Names{"slack"});
  CHECK(enabled(rows, "2") == Names{});

  auto closed = catalogue;
  closed.tables.at({"public", "link"}).columns.at(2).readable = false;
  CHECK_FALSE(pg::enabled_integrations(connection, rows, closed, "1").has_value());
}
