#include "core/tenant_traces.hpp"

#include <algorithm>
#include <set>

#include "core/map/own_schema.hpp"

namespace dsar {
namespace {

/// The columns by which the map knows rows of the table to be a tenant's.
std::set<std::string> tenant_columns(const Table& table) {
  std::set<std::string> names;
  for (const auto& path : table.tenant) {
    if (!path.column.empty() && path.via.empty()) names.insert(path.column);
  }
  return names;
}

bool refers_to_tenants(const CatalogueTable& table, const std::string& column,
                       const Tenants& tenants) {
  return std::any_of(
      table.foreign_keys.begin(), table.foreign_keys.end(), [&](const CatalogueForeignKey& key) {
        return key.target == tenants.table && key.columns.size() == 1 &&
               key.columns.front() == column && key.target_columns.front() == tenants.key;
      });
}

bool holds_rows(const CatalogueTable& table) {
  return (table.kind == 'r' || table.kind == 'p' || table.kind == 'f') && !table.partition_of;
}

}  // namespace

std::vector<TenantTrace> tenant_traces(const DataMap& map, const Catalogue& catalogue,
                                       std::vector<Omission>& cannot_see) {
  std::vector<TenantTrace> traces;
  if (!map.tenants) return traces;
  std::set<std::string> names;
  for (const auto& table : map.tables) {
    // The tenants' own table has its key, which is often called as everybody's is.
    if (table.name != map.tenants->table) names.merge(tenant_columns(table));
  }
  for (const auto& [name, table] : catalogue.tables) {
    if (is_own(name) || name == map.tenants->table || !holds_rows(table)) continue;
    const auto* mapped = find_table(map, name);
    const auto known = mapped == nullptr ? std::set<std::string>() : tenant_columns(*mapped);
    for (const auto& column : table.columns) {
      const bool named = names.contains(column.name);
      if (known.contains(column.name) ||
          (!named && !refers_to_tenants(table, column.name, *map.tenants)))
        continue;
      if (table.row_security || !column.readable) {
        cannot_see.push_back({name.text() + "." + column.name, table.row_security
                                                                   ? "row-level security hides rows"
                                                                   : "the role may not read it"});
      } else {
        traces.push_back({name, column.name});
      }
    }
  }
  return traces;
}

SqlStatement trace_statement(const DataMap& map, const Catalogue& catalogue,
                             const TenantTrace& trace, const std::string& tenant_key) {
  SqlStatement statement;
  const auto& type = live_column(catalogue, trace.table, trace.column).type;
  const auto& key = live_column(catalogue, map.tenants->table, map.tenants->key).type;
  const auto column = qualify("t0", trace.column).text();
  // An index serves a column of the key's own type.
  const auto same = type == key ? column + " = " + statement.bind(tenant_key, type)
                                : column + "::text = " + statement.bind(tenant_key, "text");
  statement.text = "SELECT count(*) FROM " + quote(trace.table).text() + " AS \"t0\" WHERE " + same;
  return statement;
}

}  // namespace dsar
