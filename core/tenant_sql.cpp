#include "core/tenant_sql.hpp"

#include <map>

#include "core/error.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

/// The table at the end of a tenant path, as far as it has a tenant itself.
Table end_of_path(const DataMap& map, const Table& table) {
  const auto& last = table.tenant->via.back().table;
  if (last == map.tenants->table) {
    Table tenants;
    tenants.name = last;
    return tenants;
  }
  const auto* mapped = find_table(map, last);
  if (mapped == nullptr || !mapped->tenant || mapped == &table)
    throw Error(ExitCode::usage, "the map gives " + table.name.text() + " the tenant of " +
                                     last.text() + ", which has none itself");
  return *mapped;
}

/// `FROM … WHERE …` along the path's hops from `alias`; `last_alias` is the end's.
std::string along(const TenantPath& path, const std::string& alias, std::string& last_alias) {
  std::vector<std::string> tables;
  std::vector<std::string> conditions;
  std::map<std::string, std::string> aliases{{"this", alias}};
  last_alias = alias;
  for (const auto& hop : path.via) {
    const auto next = last_alias + "h";
    aliases[hop.alias] = next;
    tables.push_back(quote(hop.table) + (" AS " + quote(next).text()));
    for (const auto& pair : hop.match)
      conditions.push_back(qualify(next, pair.far) + " = " + qualify(last_alias, pair.near).text());
    if (hop.on) conditions.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
    last_alias = next;
  }
  return " FROM " + join(tables, ", ") + " WHERE " + join(conditions, " AND ");
}

/// The column of the table itself that holds the tenant's key; empty: none.
std::string own_column(const DataMap& map, const Table& table) {
  if (table.name == map.tenants->table) return map.tenants->key;
  return table.tenant ? table.tenant->column : std::string{};
}

}  // namespace

std::string tenant_condition(const DataMap& map, const Catalogue& catalogue, const Table& table,
                             const std::string& alias, const std::string& tenant_key,
                             SqlStatement& statement) {
  if (!map.tenants || tenant_key.empty()) return {};
  if (const auto column = own_column(map, table); !column.empty()) {
    return qualify(alias, column) + " = " +
           statement.bind(tenant_key, live_column(catalogue, table.name, column).type);
  }
  if (!table.tenant) return {};
  std::string last;
  const auto from_where = along(*table.tenant, alias, last);
  return "EXISTS (SELECT 1" + from_where + " AND " +
         tenant_condition(map, catalogue, end_of_path(map, table), last, tenant_key, statement) +
         ")";
}

std::string tenant_expression(const DataMap& map, const Table& table, const std::string& alias) {
  if (!map.tenants) return "''";
  if (const auto column = own_column(map, table); !column.empty())
    return qualify(alias, column) + "::text";
  if (!table.tenant) return "''";
  std::string last;
  const auto from_where = along(*table.tenant, alias, last);
  return "(SELECT " + tenant_expression(map, end_of_path(map, table), last) + from_where +
         " LIMIT 1)";
}

}  // namespace dsar
