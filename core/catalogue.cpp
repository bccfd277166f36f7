#include "core/catalogue.hpp"

#include <algorithm>

#include "core/error.hpp"

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

bool is_unique(const CatalogueTable& table, const std::string& column) {
  return std::any_of(table.unique_keys.begin(), table.unique_keys.end(),
                     [&](const std::vector<std::string>& key) {
                       return std::find(key.begin(), key.end(), column) != key.end();
                     });
}

namespace {

[[noreturn]] void refuse_absent(const std::string& what) {
  throw Error(ExitCode::usage, "the map names " + what + ", which the database lacks",
              "Run dsarctl map check for everything that disagrees.");
}

}  // namespace

const CatalogueTable& live_table(const Catalogue& catalogue, const TableName& table) {
  const auto* found = find_table(catalogue, table);
  if (found == nullptr) refuse_absent(table.text());
  return *found;
}

const CatalogueColumn& live_column(const Catalogue& catalogue, const TableName& table,
                                   const std::string& column) {
  const auto* found = find_column(live_table(catalogue, table), column);
  if (found == nullptr) refuse_absent(table.text() + "." + column);
  return *found;
}

std::vector<std::string> row_key(const Table& mapped, const CatalogueTable& table) {
  return mapped.key.empty() ? table.primary_key : mapped.key;
}

}  // namespace dsar
