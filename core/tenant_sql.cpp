#include "core/tenant_sql.hpp"

#include <map>

#include "core/error.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

/// The table at the end of a tenant path, as far as it has a tenant itself.
Table end_of_path(const DataMap& map, const Table& table, const TenantPath& path) {
  const auto& last = path.via.back().table;
  if (last == map.tenants->table) {
    Table tenants;
    tenants.name = last;
    return tenants;
  }
  const auto* mapped = find_table(map, last);
  if (mapped == nullptr || mapped->tenant.empty() || mapped == &table)
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

/// The tenants' own table belongs to itself, whatever the map says of it.
std::vector<TenantPath> paths_of(const DataMap& map, const Table& table) {
  if (table.name != map.tenants->table) return table.tenant;
  TenantPath own;
  own.column = map.tenants->key;
  return {own};
}

/// The column of the table itself that holds every row's tenant; empty: none.
std::string own_column(const DataMap& map, const Table& table) {
  const auto paths = paths_of(map, table);
  return paths.size() == 1 && !paths.front().when ? paths.front().column : std::string();
}

std::string when_sql(const SqlFragment& when, const std::string& alias) {
  return "(" + bind_aliases(when.text, {{"this", alias}}) + ")";
}

std::string path_condition(const DataMap& map, const Catalogue& catalogue, const Table& table,
                           const TenantPath& path, const std::string& alias,
                           const std::string& tenant_key, SqlStatement& statement) {
  if (!path.column.empty()) {
    return qualify(alias, path.column) + " = " +
           statement.bind(tenant_key, live_column(catalogue, table.name, path.column).type);
  }
  std::string last;
  const auto from_where = along(path, alias, last);
  return "EXISTS (SELECT 1" + from_where + " AND " +
         tenant_condition(map, catalogue, end_of_path(map, table, path), last, tenant_key,
                          statement) +
         ")";
}

std::string path_expression(const DataMap& map, const Table& table, const TenantPath& path,
                            const std::string& alias) {
  if (!path.column.empty()) return qualify(alias, path.column) + "::text";
  std::string last;
  const auto from_where = along(path, alias, last);
  return "(SELECT " + tenant_expression(map, end_of_path(map, table, path), last) + from_where +
         " LIMIT 1)";
}

}  // namespace

std::string tenant_condition(const DataMap& map, const Catalogue& catalogue, const Table& table,
                             const std::string& alias, const std::string& tenant_key,
                             SqlStatement& statement) {
  if (!map.tenants || tenant_key.empty()) return {};
  std::vector<std::string> branches;
  std::string earlier;  // the first path whose condition holds is the only one that counts
  for (const auto& path : paths_of(map, table)) {
    auto condition = path_condition(map, catalogue, table, path, alias, tenant_key, statement);
    if (path.when) {
      const auto when = when_sql(*path.when, alias);
      branches.push_back(earlier + when + " AND " + condition);
      earlier += when + " IS NOT TRUE AND ";
    } else {
      branches.push_back(earlier + condition);
    }
  }
  if (branches.size() < 2) return join(branches, "");
  return "((" + join(branches, ") OR (") + "))";
}

bool has_tenant(const DataMap& map, const Table& table) {
  return map.tenants && (!table.tenant.empty() || table.name == map.tenants->table);
}

std::string same_tenant(const DataMap& map, const Catalogue& catalogue, const Table& table,
                        const std::string& alias, const Table& other,
                        const std::string& other_alias) {
  if (!has_tenant(map, table) || !has_tenant(map, other)) return {};
  const auto column = own_column(map, table);
  const auto other_column = own_column(map, other);
  // Without a cast where it can be, so that an index serves.
  if (!column.empty() && !other_column.empty() &&
      live_column(catalogue, table.name, column).type ==
          live_column(catalogue, other.name, other_column).type)
    return qualify(alias, column) + " = " + qualify(other_alias, other_column).text();
  return tenant_expression(map, table, alias) + " = " + tenant_expression(map, other, other_alias);
}

std::string tenant_expression(const DataMap& map, const Table& table, const std::string& alias) {
  if (!map.tenants) return "''";
  std::string cases;
  for (const auto& path : paths_of(map, table)) {
    const auto expression = path_expression(map, table, path, alias);
    if (!path.when)
      return cases.empty() ? expression : "CASE" + cases + " ELSE " + expression + " END";
    cases += " WHEN " + when_sql(*path.when, alias) + " THEN " + expression;
  }
  return cases.empty() ? "''" : "CASE" + cases + " END";
}

}  // namespace dsar
