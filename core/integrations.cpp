#include "core/integrations.hpp"

#include <map>
#include <vector>

#include "core/identity.hpp"
#include "core/sql.hpp"
#include "core/sql_fragment.hpp"
#include "core/visibility.hpp"

namespace dsar {
namespace {

using Columns = std::map<TableName, std::vector<std::string>>;

/// What a fragment names of the tables in sight.
void add_names(const SqlFragment& fragment, const std::map<std::string, TableName>& in_sight,
               Columns& columns) {
  for (const auto& name : referenced_names(fragment.text)) {
    const auto table = in_sight.find(name.alias.empty() ? "this" : name.alias);
    if (table != in_sight.end()) columns[table->second].push_back(name.name);
  }
}

}  // namespace

std::string integrations_sql(const DataMap& map, const Catalogue& catalogue) {
  const auto& integrations = *map.tenants->integrations;
  std::string known = "true";
  std::string rows;
  if (integrations.via.empty()) {
    const auto names = "(" + bind_aliases(integrations.expression.text, {{"this", "t0"}}) + ")";
    known = names + " IS NOT NULL";
    rows = "SELECT unnest(" + names + ")";
  } else {
    IdentitySource source;
    source.via = integrations.via;
    source.expression = integrations.expression;
    rows = source_sql(catalogue, {}, source, "t0").text;
  }
  return "SELECT " + known + ", v.name::text FROM " + quote(map.tenants->table) +
         " AS t0 LEFT JOIN LATERAL (" + rows + ") AS v(name) ON v.name IS NOT NULL";
}

std::optional<std::string> cannot_read_integrations(const DataMap& map,
                                                    const Catalogue& catalogue) {
  const auto& tenants = *map.tenants;
  const auto& integrations = *tenants.integrations;
  std::map<std::string, TableName> in_sight{{"this", tenants.table}};
  Columns columns;
  auto before = tenants.table;
  for (const auto& hop : integrations.via) {
    in_sight[hop.alias] = hop.table;
    for (const auto& pair : hop.match) {
      columns[before].push_back(pair.near);
      columns[hop.table].push_back(pair.far);
    }
    if (hop.on) add_names(*hop.on, in_sight, columns);
    before = hop.table;
  }
  add_names(integrations.expression, in_sight, columns);
  for (const auto& [table, names] : columns) {
    if (auto why = cannot_read(catalogue, table, names)) return why;
  }
  return std::nullopt;
}

}  // namespace dsar
