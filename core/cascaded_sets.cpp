#include "core/cascaded_sets.hpp"

#include <algorithm>

#include "core/side_effects.hpp"
#include "core/visibility.hpp"

namespace dsar {
namespace {

bool is_among(const TableName& table, const std::vector<SetRef>& sets) {
  return std::any_of(sets.begin(), sets.end(),
                     [&](const SetRef& set) { return set.table->name == table; });
}

/// The key's pairs of columns are the link's, in whatever order.
bool same_pairs(const CatalogueForeignKey& key, const std::vector<ColumnPair>& match) {
  if (key.columns.size() != match.size()) return false;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const auto same = [&](const ColumnPair& pair) {
      return pair.near == key.columns[i] && pair.far == key.target_columns[i];
    };
    if (std::none_of(match.begin(), match.end(), same)) return false;
  }
  return true;
}

class Search {
 public:
  explicit Search(const SweepWorld& world) : world_(world) {}

  /// Adds what goes with rows of `parent`; false where some of it needs a look.
  bool below(const SetRef& parent, std::vector<SetRef>& found) {
    if (is_among(parent.table->name, open_)) return false;  // in a circle
    open_.push_back(parent);
    bool all = true;
    for (const auto& child : dependants(world_.map, parent)) {
      std::vector<SetRef> with{child};
      if (!is_taken(child, parent) || !below(child, with) ||
          cascades_beyond(world_, child.table->name, with)) {
        all = false;
        continue;
      }
      for (const auto& set : with) {
        if (!is_among(set.table->name, found)) found.push_back(set);
      }
    }
    open_.pop_back();
    return all;
  }

 private:
  bool is_taken(const SetRef& child, const SetRef& parent) {
    const auto& live = live_table(world_.catalogue, child.table->name);
    if (live.kind != 'r' || live.partition_of || child.table->name == parent.table->name)
      return false;
    // A cascade asks for no right of this role's, and sees what is hidden from it.
    if (!live.deletable || cannot_read(world_.catalogue, child.table->name, {})) return false;
    if (child.table->sets.size() != 1 || child.set->predicate || !child.set->objects.empty())
      return false;
    const auto steps = steps_between(child, parent);
    if (steps.size() != 1 || !steps.front().link->via.empty() || steps.front().link->on)
      return false;
    const auto takes = [&](const CatalogueForeignKey& key) {
      return key.on_delete == 'c' && key.target == parent.table->name &&
             same_pairs(key, steps.front().link->match);
    };
    if (std::none_of(live.foreign_keys.begin(), live.foreign_keys.end(), takes)) return false;
    // A row that comes in while its parent is being deleted would go unseen, so none may be one
    // that stays, whoever's it is.
    std::vector<const SetSchedule*> schedules;
    for (const auto& one : world_.schedule) {
      if (one.set.set->name == child.set->name) schedules.push_back(&one);
    }
    SqlStatement ignored;
    SweepConditions conditions(world_, ignored, false);
    return conditions.held(child, "t0") == "false" &&
           conditions.kept_by_law(child, "t0", schedules) == "false";
  }

  const SweepWorld& world_;
  std::vector<SetRef> open_;  ///< whose dependants are being looked at
};

}  // namespace

bool cascades_beyond(const SweepWorld& world, const TableName& table,
                     const std::vector<SetRef>& sets) {
  const auto cascades = cascades_to(table, world.catalogue);
  return std::any_of(cascades.begin(), cascades.end(),
                     [&](const Cascade& cascade) { return !is_among(cascade.from->name, sets); });
}

std::vector<SetRef> cascaded_sets(const SweepWorld& world, const SweepPass& pass) {
  std::vector<SetRef> found;
  Search(world).below(pass.set, found);
  return found;
}

}  // namespace dsar
