#include "core/map/read_access.hpp"

#include <algorithm>

namespace dsar {

namespace {

/// Secret for every record set of the table: then nobody needs to read it.
bool is_secret(const Table& table, const std::string& column) {
  const auto secret = [&](const SetRef& ref) {
    const auto* rule = column_rule(ref, column);
    return rule != nullptr && rule->use == ColumnUse::secret;
  };
  if (table.sets.empty()) return secret({&table, nullptr});
  return std::all_of(table.sets.begin(), table.sets.end(), [&](const RecordSet& set) {
    return secret({&table, &set});
  });
}

void add_hops(const std::vector<Hop>& hops, std::set<TableName>& tables) {
  for (const auto& hop : hops) tables.insert(hop.table);
}

std::set<TableName> tables_read(const DataMap& map) {
  std::set<TableName> tables;
  if (map.tenants) {
    tables.insert(map.tenants->table);
    if (map.tenants->integrations) add_hops(map.tenants->integrations->via, tables);
  }
  for (const auto& table : map.tables) {
    for (const auto& path : table.tenant) add_hops(path.via, tables);
    // Of nobody in particular, but a tenant's, whose data may have to go as a whole.
    if (table.not_personal && !table.tenant.empty()) tables.insert(table.name);
    for (const auto& set : table.sets) {
      tables.insert(table.name);
      for (const auto& source : set.identities) add_hops(source.via, tables);
      for (const auto& link : set.links) add_hops(link.via, tables);
      for (const auto& event : set.events) add_hops(event.via, tables);
      for (const auto& reference : set.erase.unless_referenced_by) tables.insert(reference.table);
      for (const auto& each : set.erase.repoint_references) tables.insert(each.reference.table);
    }
  }
  return tables;
}

}  // namespace

std::set<std::string> classified_columns(const Table& table) {
  std::set<std::string> names;
  for (const auto& rule : table.columns) names.insert(rule.name);
  for (const auto& set : table.sets) {
    for (const auto& rule : set.columns) names.insert(rule.name);
  }
  return names;
}

std::vector<ReadAccess> read_access(const DataMap& map) {
  std::vector<ReadAccess> result;
  for (const auto& name : tables_read(map)) {
    ReadAccess access{name, {}, false};
    if (const auto* table = find_table(map, name)) {
      for (const auto& column : classified_columns(*table)) {
        if (is_secret(*table, column)) {
          access.has_secrets = true;
        } else {
          access.columns.insert(column);
        }
      }
    }
    result.push_back(std::move(access));
  }
  return result;
}

}  // namespace dsar
