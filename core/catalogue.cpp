#include "core/catalogue.hpp"

#include <algorithm>

namespace dsar {

const CatalogueTable* find_table(const Catalogue& catalogue, const TableName& name) {
  const auto found = catalogue.tables.find(name);
  return found == catalogue.tables.end() ? nullptr : &found->second;
}

const CatalogueColumn* find_column(const CatalogueTable& table, const std::string& name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const CatalogueColumn& c) { return c.name == name; });
  return found == table.columns.end() ? nullptr : &*found;
}

std::vector<std::string> row_key(const Table& mapped, const CatalogueTable& table) {
  return mapped.key.empty() ? table.primary_key : mapped.key;
}

}  // namespace dsar
