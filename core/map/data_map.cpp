#include "core/map/data_map.hpp"

#include <algorithm>

namespace dsar {

namespace {

template <class Items, class Matches>
auto* find_pointer(Items& items, Matches matches) {
  const auto found = std::find_if(items.begin(), items.end(), matches);
  return found == items.end() ? nullptr : &*found;
}

const ColumnRule* rule_of(const std::vector<ColumnRule>& rules, const std::string& column) {
  return find_pointer(rules, [&](const ColumnRule& rule) { return rule.name == column; });
}

}  // namespace

std::vector<SetRef> record_sets(const DataMap& map) {
  std::vector<SetRef> result;
  for (const Table& table : map.tables) {
    for (const RecordSet& set : table.sets) result.push_back({&table, &set});
  }
  return result;
}

SetRef find_set(const DataMap& map, const std::string& name) {
  for (const Table& table : map.tables) {
    for (const RecordSet& set : table.sets) {
      if (set.name == name) return {&table, &set};
    }
  }
  return {};
}

const Table* find_table(const DataMap& map, const TableName& name) {
  return find_pointer(map.tables, [&](const Table& table) { return table.name == name; });
}

const IdentityKind* find_identity(const DataMap& map, const std::string& name) {
  return find_pointer(map.identities, [&](const IdentityKind& kind) { return kind.name == name; });
}

const ColumnRule* column_rule(const SetRef& ref, const std::string& column) {
  if (ref.set != nullptr) {
    if (const ColumnRule* own = rule_of(ref.set->columns, column)) return own;
  }
  return ref.table == nullptr ? nullptr : rule_of(ref.table->columns, column);
}

}  // namespace dsar
