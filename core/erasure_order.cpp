#include "core/erasure_order.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/sql.hpp"
#include "core/sweep_conditions.hpp"

namespace dsar {
namespace {

/// NO ACTION alone waits for the end; RESTRICT and CASCADE act at once.
bool waits(const CatalogueForeignKey& key) {
  return key.deferrable && key.on_delete == 'a';
}

}  // namespace

std::vector<TableName> deletion_order(const DataMap& map, const Catalogue& catalogue,
                                      const std::vector<SetRef>& sets) {
  std::vector<TableName> left;
  for (const auto& set : sets) {
    if (std::find(left.begin(), left.end(), set.table->name) == left.end())
      left.push_back(set.table->name);
  }
  std::map<TableName, std::set<TableName>> referred_by;
  for (const auto& set : sets) {
    for (const auto& referrer : referrers(map, catalogue, set)) {
      const auto& from = referrer.table->name;
      if (referrer.fate != Referrer::Fate::blocks || waits(*referrer.key)) continue;
      if (from == set.table->name || std::find(left.begin(), left.end(), from) == left.end())
        continue;
      referred_by[set.table->name].insert(from);
    }
  }
  std::vector<TableName> order;
  while (!left.empty()) {
    const auto next = std::find_if(left.begin(), left.end(), [&](const TableName& table) {
      const auto& from = referred_by[table];
      return std::none_of(left.begin(), left.end(),
                          [&](const TableName& other) { return from.count(other) > 0; });
    });
    if (next == left.end()) {
      std::vector<std::string> names;
      for (const auto& table : left) names.push_back(table.text());
      throw Error(ExitCode::refused,
                  "the foreign keys of these tables form a cycle: " + join(names, ", "),
                  "Name a column of the cycle in the map's \"nullify_first\", or make one of the "
                  "keys deferrable.");
    }
    order.push_back(*next);
    left.erase(next);
  }
  return order;
}

}  // namespace dsar
