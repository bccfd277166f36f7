#include "core/visibility.hpp"

namespace dsar {

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

}  // namespace dsar
