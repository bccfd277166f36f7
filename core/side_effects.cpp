#include "core/side_effects.hpp"

#include <algorithm>

namespace dsar {

std::vector<Cascade> cascades_to(const TableName& table, const Catalogue& catalogue) {
  std::vector<Cascade> found;
  for (const auto& [name, other] : catalogue.tables) {
    if (other.partition_of) continue;  // its keys are clones of its parent's
    for (const auto& key : other.foreign_keys) {
      if (key.target == table && key.on_delete == 'c') found.push_back({&other, &key});
    }
  }
  return found;
}

std::vector<SideEffect> unknown_side_effects(const Table& table, const Catalogue& catalogue) {
  std::vector<SideEffect> unknown;
  const auto* live = find_table(catalogue, table.name);
  if (live == nullptr) return unknown;
  const auto& known = table.known_cascades;
  for (const auto& cascade : cascades_to(table.name, catalogue)) {
    if (std::find(known.begin(), known.end(), cascade.key->name) != known.end()) continue;
    unknown.push_back({"unknown-cascade",
                       "deleting a row also deletes rows of " + cascade.from->name.text() +
                           " (foreign key " + cascade.key->name + ")",
                       "Map those rows, and name the key in \"known_cascades\"."});
  }
  for (const auto& trigger : live->triggers) {
    if (!trigger.on_delete || table.known_triggers.count(trigger.name) != 0) continue;
    unknown.push_back({"unknown-trigger", "deleting a row sets off trigger " + trigger.name,
                       "Say what it does in \"known_triggers\"."});
  }
  return unknown;
}

std::vector<SideEffect> unknown_update_triggers(const Table& table, const Catalogue& catalogue) {
  std::vector<SideEffect> unknown;
  const auto* live = find_table(catalogue, table.name);
  if (live == nullptr) return unknown;
  for (const auto& trigger : live->triggers) {
    if (!trigger.on_update || table.known_triggers.count(trigger.name) != 0) continue;
    unknown.push_back({"unknown-trigger", "changing a row sets off trigger " + trigger.name,
                       "Say what it does in \"known_triggers\"."});
  }
  return unknown;
}

}  // namespace dsar
