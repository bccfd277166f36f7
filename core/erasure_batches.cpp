#include "core/erasure_batches.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/map/own_schema.hpp"
#include "core/sweep_conditions.hpp"

namespace dsar {
namespace {

bool leads_through(const std::vector<Hop>& hops, const TableName& table) {
  return std::any_of(hops.begin(), hops.end(), [&](const Hop& hop) { return hop.table == table; });
}

class Planner {
 public:
  Planner(const DataMap& map, const Catalogue& catalogue, const std::vector<ErasureRows>& sets,
          const std::vector<SetSchedule>& schedule, const std::vector<SetSelection>& selections,
          const SubjectKeys& roots)
      : map_(map),
        catalogue_(catalogue),
        sets_(sets),
        schedule_(schedule),
        selections_(selections),
        roots_(roots) {}

  ErasureBatches run() {
    for (const auto& rows : sets_) {
      if (may_go_ahead(rows)) ahead_.insert(rows.set.set->name);
    }
    ErasureBatches batches;
    do {
      leave_what_must_stay();
    } while (!put_in_order(batches.order));
    for (const auto& set : batches.order) batches.rows += rows_of(set).with(RowFate::remove).size();
    note(batches);
    return batches;
  }

 private:
  [[nodiscard]] const ErasureRows& rows_of(const SetRef& set) const {
    return *std::find_if(sets_.begin(), sets_.end(), [&](const ErasureRows& rows) {
      return rows.set.set->name == set.set->name;
    });
  }

  [[nodiscard]] bool is_ahead(const ErasureRows& rows) const {
    return ahead_.count(rows.set.set->name) > 0;
  }

  /// All rows of it go, and go ahead.
  [[nodiscard]] bool goes_wholly(const ErasureRows& rows) const {
    return is_ahead(rows) && rows.with(RowFate::remove).size() == rows.size();
  }

  [[nodiscard]] bool may_go_ahead(const ErasureRows& rows) const {
    const auto& set = rows.set;
    const auto& table = set.table->name;
    if (rows.with(RowFate::remove).empty() || !is_keyed(rows) || is_own(table)) return false;
    // Whose rows these are, and what is decided by who shares them, the last transaction says.
    if (!set.set->identities.empty() || roots_.count(set.set->name) > 0) return false;
    if (!set.set->erase.unless_referenced_by.empty()) return false;
    const auto found_by = [&](const SetRef& root) {
      return std::any_of(
          root.set->identities.begin(), root.set->identities.end(),
          [&](const IdentitySource& source) { return leads_through(source.via, table); });
    };
    const auto all = record_sets(map_);
    return std::none_of(all.begin(), all.end(), found_by);
  }

  /// Whether a way to rows of `rows` leads through rows of `through`.
  [[nodiscard]] bool reached_through(const ErasureRows& rows, const SetRef& through) const {
    const auto selection = std::find_if(
        selections_.begin(), selections_.end(),
        [&](const SetSelection& one) { return one.set.set->name == rows.set.set->name; });
    if (selection == selections_.end()) return false;
    const auto steps_through = [&](const ReachStep& step) {
      return step.to.set->name == through.set->name ||
             leads_through(step.link->via, through.table->name);
    };
    return std::any_of(selection->paths.begin(), selection->paths.end(),
                       [&](const ReachPath& path) {
                         return std::any_of(path.steps.begin(), path.steps.end(), steps_through);
                       });
  }

  /// Whether rows of `rows` cannot be decided on once those of `without` are gone.
  [[nodiscard]] bool needs(const ErasureRows& rows, const SetRef& without) const {
    const auto& table = without.table->name;
    for (const auto& path : rows.set.table->tenant) {
      if (leads_through(path.via, table)) return true;
    }
    if (const auto& clock = rows.set.set->clock; clock && is_kept_by_date(rows.set)) {
      const auto& parents = clock->parents;
      if (std::find(parents.begin(), parents.end(), without.set->name) != parents.end())
        return true;
    }
    for (const auto& referrer : referrers(map_, catalogue_, without)) {
      if (referrer.fate == Referrer::Fate::blocks && referrer.table->name == rows.set.table->name)
        return true;
    }
    return false;
  }

  /// Whether the law keeps rows of the set for a time that their clock tells.
  [[nodiscard]] bool is_kept_by_date(const SetRef& set) const {
    return std::any_of(schedule_.begin(), schedule_.end(), [&](const SetSchedule& one) {
      return one.set.set->name == set.set->name && one.kept_by_law;
    });
  }

  [[nodiscard]] bool must_stay(const SetRef& set) const {
    for (const auto& rows : sets_) {
      if (rows.size() == 0) continue;
      const bool itself = rows.set.set->name == set.set->name;
      if (needs(rows, set) && (itself || !goes_wholly(rows))) return true;
      if (!itself && reached_through(rows, set) && !goes_wholly(rows) && !is_keyed(rows))
        return true;
    }
    return false;
  }

  void leave_what_must_stay() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& rows : sets_) {
        if (!is_ahead(rows) || !must_stay(rows.set)) continue;
        ahead_.erase(rows.set.set->name);
        changed = true;
      }
    }
  }

  /// False where some wait for each other: these have been left.
  bool put_in_order(std::vector<SetRef>& order) {
    order.clear();
    auto left = ahead_;
    while (!left.empty()) {
      const auto next = std::find_if(sets_.begin(), sets_.end(), [&](const ErasureRows& rows) {
        return left.count(rows.set.set->name) > 0 &&
               std::none_of(sets_.begin(), sets_.end(), [&](const ErasureRows& other) {
                 return &other != &rows && left.count(other.set.set->name) > 0 &&
                        (needs(other, rows.set) || reached_through(other, rows.set));
               });
      });
      if (next == sets_.end()) {
        for (const auto& name : left) ahead_.erase(name);
        return false;
      }
      order.push_back(next->set);
      left.erase(next->set.set->name);
    }
    return true;
  }

  void note(ErasureBatches& batches) const {
    for (const auto& rows : sets_) {
      const auto through = [&](const SetRef& set) {
        return set.set->name != rows.set.set->name && reached_through(rows, set);
      };
      if (roots_.count(rows.set.set->name) > 0 ||
          std::none_of(batches.order.begin(), batches.order.end(), through))
        continue;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (is_ahead(rows) && rows.fate[row] == RowFate::remove) continue;
        auto& key = batches.noted[rows.set.set->name].emplace_back();
        for (std::size_t k = 0; k < rows.address; ++k)
          key.push_back(rows.values[k][row].value_or(""));
      }
    }
  }

  const DataMap& map_;
  const Catalogue& catalogue_;
  const std::vector<ErasureRows>& sets_;
  const std::vector<SetSchedule>& schedule_;
  const std::vector<SetSelection>& selections_;
  const SubjectKeys& roots_;
  std::set<std::string> ahead_;
};

}  // namespace

ErasureBatches plan_batches(const DataMap& map, const Catalogue& catalogue,
                            const std::vector<ErasureRows>& sets,
                            const std::vector<SetSchedule>& schedule,
                            const std::vector<SetSelection>& selections, const SubjectKeys& roots) {
  return Planner(map, catalogue, sets, schedule, selections, roots).run();
}

}  // namespace dsar
