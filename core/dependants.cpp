#include "core/dependants.hpp"

#include <algorithm>
#include <set>

namespace dsar {

bool goes_with(const SetRef& child, const SetRef& parent) {
  if (!child.set->clock || child.set->name == parent.set->name) return false;
  if (!child.set->erase.unless_referenced_by.empty()) return false;  // others may need it still
  const auto& parents = child.set->clock->parents;
  return std::find(parents.begin(), parents.end(), parent.set->name) != parents.end();
}

bool covers(const std::vector<std::string>& columns, const std::vector<ColumnPair>& match) {
  return !columns.empty() &&
         std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return std::any_of(match.begin(), match.end(),
                              [&](const ColumnPair& pair) { return pair.far == column; });
         });
}

std::vector<ReachStep> steps_between(const SetRef& child, const SetRef& parent) {
  std::vector<ReachStep> steps;
  for (const auto& link : child.set->links) {
    if (link.to != parent.set->name) continue;
    if (link.relation.value_or(child.set->relation) == Relation::mentions) continue;
    steps.push_back({child, &link, parent});
  }
  return steps;
}

std::vector<SetRef> dating_sets(const DataMap& map, const SetRef& set) {
  std::vector<SetRef> dating;
  std::vector<SetRef> above{set};
  for (std::size_t i = 0; i < above.size(); ++i) {
    const auto& clock = above[i].set->clock;
    if (!clock) continue;
    if (clock->expression) {
      dating.push_back(above[i]);
      continue;
    }
    for (const auto& name : clock->parents) {
      const auto same = [&](const SetRef& known) { return known.set->name == name; };
      if (std::none_of(above.begin(), above.end(), same)) above.push_back(find_set(map, name));
    }
  }
  return dating;
}

std::vector<SetRef> dependants(const DataMap& map, const SetRef& parent) {
  std::vector<SetRef> children;
  for (const auto& child : record_sets(map)) {
    if (goes_with(child, parent)) children.push_back(child);
  }
  return children;
}

namespace {

void add_chains(const DataMap& map, const SetRef& parent, const std::vector<ReachStep>& chain,
                std::map<std::string, std::vector<std::vector<ReachStep>>>& chains) {
  for (const auto& child : dependants(map, parent)) {
    const bool known = std::any_of(chain.begin(), chain.end(), [&](const ReachStep& step) {
      return step.from.set->name == child.set->name || step.to.set->name == child.set->name;
    });
    if (known) continue;
    for (const auto& step : steps_between(child, parent)) {
      std::vector<ReachStep> longer{step};
      longer.insert(longer.end(), chain.begin(), chain.end());
      chains[child.set->name].push_back(longer);
      add_chains(map, child, longer, chains);
    }
  }
}

}  // namespace

std::map<std::string, std::vector<std::vector<ReachStep>>> dependant_chains(const DataMap& map,
                                                                            const SetRef& parent) {
  std::map<std::string, std::vector<std::vector<ReachStep>>> chains;
  add_chains(map, parent, {}, chains);
  return chains;
}

std::vector<Referrer> referrers(const DataMap& map, const Catalogue& catalogue, const SetRef& set) {
  std::vector<Referrer> found;
  for (const auto& [name, table] : catalogue.tables) {
    if (table.partition_of) continue;  // its keys are clones of its parent's
    const auto* mapped = find_table(map, name);
    for (const auto& key : table.foreign_keys) {
      if (key.target != set.table->name) continue;
      Referrer referrer{&table, &key, Referrer::Fate::blocks, nullptr};
      if (key.on_delete == 'n' || key.on_delete == 'd') referrer.fate = Referrer::Fate::database;
      const auto may_be_null = [&](const RecordSet& own) {
        const auto& columns = own.erase.nullify_first;
        return std::find(columns.begin(), columns.end(), key.columns.front()) != columns.end();
      };
      if (mapped != nullptr && key.columns.size() == 1 &&
          std::any_of(mapped->sets.begin(), mapped->sets.end(), may_be_null))
        referrer.fate = Referrer::Fate::nullified;
      for (const auto& repoint : set.set->erase.repoint_references) {
        if (repoint.reference.table != name || key.columns.size() != 1) continue;
        if (repoint.reference.match.front().near != key.columns.front()) continue;
        referrer.fate = Referrer::Fate::repointed;
        referrer.to = &repoint.to;
      }
      found.push_back(referrer);
    }
  }
  return found;
}

DataMap with_tenant_owned_sets(const DataMap& map) {
  auto extended = map;
  for (auto& table : extended.tables) {
    if (!table.not_personal || table.tenant.empty() || !table.sets.empty()) continue;
    RecordSet rows;
    rows.name = table.name.name;
    while (find_set(extended, rows.name).set != nullptr) rows.name += "_rows";
    rows.subject = about_nobody;
    rows.where = table.where;
    table.sets.push_back(std::move(rows));
  }
  return extended;
}

}  // namespace dsar
