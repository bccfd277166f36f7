#include "core/visibility.hpp"

#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

std::vector<std::string> columns_of_source(const SetRef& ref, const IdentitySource& source,
                                           const CatalogueTable& table) {
  std::vector<std::string> columns;
  if (source.via.empty()) {
    columns = source.columns;
    if (!source.json_column.empty()) columns.push_back(source.json_column);
  }
  const auto add = [&](const std::optional<SqlFragment>& fragment) {
    if (!fragment) return;
    for (const auto& name : referenced_names(fragment->text)) {
      if ((name.alias.empty() || name.alias == "this") && find_column(table, name.name) != nullptr)
        columns.push_back(name.name);
    }
  };
  add(source.expression);
  add(ref.set->predicate);
  return columns;
}

}  // namespace

std::optional<std::string> cannot_read(const Catalogue& catalogue, const TableName& table,
                                       const std::vector<std::string>& columns) {
  const auto* found = find_table(catalogue, table);
  if (found == nullptr) return "the database has no table " + table.text();
  if (found->row_security) return "row-level security hides rows of " + table.text();
  if (!found->readable) return "no SELECT privilege on " + table.text();
  for (const auto& name : columns) {
    const auto* column = find_column(*found, name);
    if (column == nullptr) return table.text() + " has no column " + name;
    if (!column->readable) return "no SELECT privilege on " + table.text() + "." + name;
  }
  return std::nullopt;
}

std::optional<std::string> cannot_read(const ReachContext& context, const SetRef& set,
                                       const ReachPath& path) {
  for (const auto& [table, columns] : columns_read(context, set, path)) {
    if (auto why = cannot_read(context.catalogue, table, columns)) return why;
  }
  return std::nullopt;
}

std::optional<std::string> cannot_see_tenants(const DataMap& map, const Catalogue& catalogue) {
  if (!map.tenants) return std::nullopt;
  const auto& tenants = *map.tenants;
  const auto* table = find_table(catalogue, tenants.table);
  if (table == nullptr) return std::nullopt;
  std::vector<std::string> columns;
  const auto add = [&](const std::string& name) {
    if (find_column(*table, name) != nullptr) columns.push_back(name);
  };
  const auto add_all = [&](const std::optional<SqlFragment>& fragment) {
    if (!fragment) return;
    for (const auto& name : referenced_names(fragment->text)) add(name.name);
  };
  add(tenants.key);
  add(tenants.slug);
  add_all(tenants.display_name);
  add_all(tenants.contact);
  add_all(tenants.policy);
  add_all(tenants.zone);
  for (const auto& event : tenants.events) {
    add_all(event.expression);
    add_all(event.unless);
  }
  for (const auto& one : map.overrides) add_all(one.expression);
  return cannot_read(catalogue, tenants.table, columns);
}

std::optional<std::string> cannot_search(const Catalogue& catalogue, const SetRef& root) {
  const auto* table = find_table(catalogue, root.table->name);
  if (table == nullptr) return "the database has no table " + root.table->name.text();
  auto columns = row_key(*root.table, *table);
  for (const auto& path : root.table->tenant) {
    if (!path.column.empty()) columns.push_back(path.column);
  }
  for (const auto& source : root.set->identities) {
    for (auto& column : columns_of_source(root, source, *table))
      columns.push_back(std::move(column));
    for (const auto& hop : source.via) {
      if (auto why = cannot_read(catalogue, hop.table, {})) return why;
    }
  }
  return cannot_read(catalogue, root.table->name, columns);
}

}  // namespace dsar
