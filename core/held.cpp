#include "core/held.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/map/own_schema.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"
#include "core/way_sql.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;
using DirectCondition = std::function<std::string(const SetRef&, const std::string& alias)>;

std::string never_null(const std::string& condition) {
  return "((" + condition + ") IS TRUE)";
}

/// One reason for which rows are held, as ways to the rows that it names.
struct Reason {
  WayEnd names;            ///< the record sets whose rows it may name
  DirectCondition direct;  ///< that it names this row
  bool of_tenant = false;  ///< it names every row that has the tenant: no way leads on from those
  bool mentions = true;    ///< ways of the relation `mentions` count
};

bool is_mention(const ReachStep& step) {
  return step.link->relation.value_or(step.from.set->relation) == Relation::mentions;
}

/// Writes the conditions of one reason for the rows of any set.
class ReasonWriter {
 public:
  ReasonWriter(const DataMap& map, const Catalogue& catalogue, const Reason& reason,
               const std::string& prefix, SqlStatement& statement)
      : map_(map),
        reason_(reason),
        writer_(map, catalogue, std::nullopt, prefix, statement, reason.direct) {
    for (auto& reach : plan_ways(map, reason.names)) {
      std::erase_if(reach.paths, [&](const ReachPath& path) { return !counts(path); });
      ways_[reach.set.set->name] = std::move(reach.paths);
    }
  }

  /// That a row is named, or that a way leads from it to one that is.
  void add_ways(const SetRef& set, const std::string& alias, Parts& conditions) {
    const RowInSight row{set.table, alias};
    for (const auto& path : ways_[set.set->name]) {
      auto condition = writer_.way(path, row, row);
      conditions.push_back(path.steps.empty() ? never_null(condition) : std::move(condition));
    }
  }

  /// That such a row hangs on it.
  void add_parents(const SetRef& set, const std::string& alias, Parts& conditions) {
    std::vector<ReachStep> chain;
    add_parents(set, chain, {set.table, alias}, conditions);
  }

 private:
  [[nodiscard]] bool counts(const ReachPath& path) const {
    for (const auto& step : path.steps) {
      if (!reason_.mentions && is_mention(step)) return false;
      if (reason_.of_tenant && has_tenant(map_, *step.from.table)) return false;
    }
    return true;
  }

  /// A condition for each way down to a row that hangs on `row`, at whatever distance. `chain` is
  /// the steps from there to the row, the nearest first.
  void add_parents(const SetRef& set, std::vector<ReachStep>& chain, const RowInSight& row,
                   Parts& conditions) {
    // The tenant's own rows are all held, and what is another tenant's cannot hang on them.
    if (reason_.of_tenant && has_tenant(map_, *set.table)) return;
    for (const auto& child : record_sets(map_)) {
      // A record of a request keeps nobody's rows.
      if (is_own(child.table->name) && !is_own(set.table->name)) continue;
      for (const auto& link : child.set->links) {
        if (link.to != set.set->name) continue;
        chain.push_back({child, &link, set});
        for (const auto& path : ways_[child.set->name]) {
          // A way that leads back to the parent says that the parent is held, which is said there.
          if (!path.steps.empty() && path.steps.front().link == &link) continue;
          conditions.push_back(hanging(chain, 0, path, row, row));
        }
        add_parents(child, chain, row, conditions);
        chain.pop_back();
      }
    }
  }

  std::string hanging(const std::vector<ReachStep>& chain, std::size_t index, const ReachPath& path,
                      const RowInSight& row, const RowInSight& near) {
    if (index == chain.size()) return writer_.way(path, row, near);
    return writer_.hangs_on(chain[index], row, near,
                            [&](const RowInSight& child, const RowInSight& nearest) {
                              return hanging(chain, index + 1, path, child, nearest);
                            });
  }

  const DataMap& map_;
  const Reason& reason_;
  WayWriter writer_;
  std::map<std::string, std::vector<ReachPath>> ways_;
};

bool has_key(const Catalogue& catalogue, const SetRef& set) {
  return !row_key(*set.table, live_table(catalogue, set.table->name)).empty();
}

/// All held subjects as one; a row's key says whose it is.
SubjectKeys all_keys(const Held& held) {
  std::map<std::string, std::set<std::vector<std::string>>> once;
  for (const auto& subject : held.subjects) {
    for (const auto& [set, keys] : subject.keys) once[set].insert(keys.begin(), keys.end());
  }
  SubjectKeys all;
  for (const auto& [set, keys] : once) all[set].assign(keys.begin(), keys.end());
  return all;
}

void require_set(const DataMap& map, const std::string& set, const std::string& by) {
  if (find_set(map, set).set != nullptr) return;
  throw Error(ExitCode::refused, by + " is on the record set '" + set + "', which the map lacks",
              "Put the record set back into the map, or release the hold and place it anew.");
}

void require_sets(const DataMap& map, const Held& held) {
  for (const auto& subject : held.subjects) {
    for (const auto& [set, keys] : subject.keys) require_set(map, set, subject.by);
  }
  for (const auto& set : held.sets) require_set(map, set.set, set.by);
}

/// The reasons for which rows are held.
class Reasons {
 public:
  Reasons(const DataMap& map, const Catalogue& catalogue, const Held& held, SqlStatement& statement)
      : map_(map), catalogue_(catalogue), held_(held), statement_(statement) {}

  [[nodiscard]] Reason subjects() const {
    const auto keys = all_keys(held_);
    const auto names = [keys](const SetRef& set) -> std::optional<Relation> {
      if (keys.count(set.set->name) == 0) return std::nullopt;
      return set.set->relation;
    };
    const auto direct = [this, keys](const SetRef& set, const std::string& alias) {
      return has_key_of(catalogue_, set, alias, keys, statement_);
    };
    return {.names = names, .direct = direct, .of_tenant = false, .mentions = true};
  }

  [[nodiscard]] Reason sets() const {
    const auto names = [this](const SetRef& set) -> std::optional<Relation> {
      const auto named = [&](const HeldSet& one) { return one.set == set.set->name; };
      if (std::none_of(held_.sets.begin(), held_.sets.end(), named)) return std::nullopt;
      return Relation::own;  // what hangs on a held row is held, whatever that row is to anybody
    };
    const auto direct = [this](const SetRef& set, const std::string& alias) {
      Parts any;
      for (const auto& one : held_.sets) {
        if (one.set != set.set->name) continue;
        Parts all;
        auto tenant =
            tenant_condition(map_, catalogue_, *set.table, alias, one.tenant_key, statement_);
        if (!tenant.empty()) all.push_back(std::move(tenant));
        if (one.predicate)
          all.push_back("(" + bind_aliases(one.predicate->text, {{"this", alias}}) + ")");
        if (all.empty()) return std::string("true");
        any.push_back("(" + join(all, " AND ") + ")");
      }
      return "(" + join(any, " OR ") + ")";
    };
    return {.names = names, .direct = direct, .of_tenant = false, .mentions = false};
  }

  [[nodiscard]] Reason tenants() const {
    const auto names = [this](const SetRef& set) -> std::optional<Relation> {
      if (!has_tenant(map_, *set.table)) return std::nullopt;
      return Relation::own;
    };
    const auto direct = [this](const SetRef& set, const std::string& alias) {
      Parts any;
      for (const auto& tenant : held_.tenants)
        any.push_back(
            tenant_condition(map_, catalogue_, *set.table, alias, tenant.tenant_key, statement_));
      return "(" + join(any, " OR ") + ")";
    };
    return {.names = names, .direct = direct, .of_tenant = true, .mentions = false};
  }

 private:
  const DataMap& map_;
  const Catalogue& catalogue_;
  const Held& held_;
  SqlStatement& statement_;
};

}  // namespace

std::vector<std::string> held_conditions(const DataMap& map, const Catalogue& catalogue,
                                         const Held& held, const SetRef& set,
                                         const std::string& alias, SqlStatement& statement) {
  require_sets(map, held);
  const Reasons reasons(map, catalogue, held, statement);
  Parts conditions;
  const auto add = [&](const Reason& reason, const std::string& prefix, bool parents) {
    ReasonWriter writer(map, catalogue, reason, prefix, statement);
    writer.add_ways(set, alias, conditions);
    if (parents) writer.add_parents(set, alias, conditions);
  };
  if (!held.tenants.empty()) add(reasons.tenants(), "held_t", true);
  if (!held.sets.empty()) add(reasons.sets(), "held_s", true);
  if (!held.subjects.empty()) {
    const bool looked_up = held.parents && has_key(catalogue, set);
    add(reasons.subjects(), "held_p", !looked_up);
    if (looked_up && held.parents->count(set.set->name) > 0)
      conditions.push_back(never_null(has_key_of(catalogue, set, alias, *held.parents, statement)));
  }
  return conditions;
}

std::optional<SqlStatement> held_parents_statement(const DataMap& map, const Catalogue& catalogue,
                                                   const Held& held, const SetRef& set) {
  require_sets(map, held);
  if (held.subjects.empty() || !has_key(catalogue, set)) return std::nullopt;
  SqlStatement statement;
  const Reasons reasons(map, catalogue, held, statement);
  const auto reason = reasons.subjects();
  ReasonWriter writer(map, catalogue, reason, "held_p", statement);
  Parts conditions;
  writer.add_parents(set, "t0", conditions);
  if (conditions.empty()) return std::nullopt;
  Parts key;
  for (const auto& column : row_key(*set.table, live_table(catalogue, set.table->name)))
    key.push_back(qualify("t0", column) + "::text");
  auto select = "SELECT " + join(key, ", ") + " FROM " + quote(set.table->name) + " AS t0 WHERE ";
  if (set.set->predicate)
    select += "(" + bind_aliases(set.set->predicate->text, {{"this", "t0"}}) + ") AND ";
  // Each by itself begins at the few rows that are held.
  for (auto& condition : conditions) condition.insert(0, select);
  statement.text = join(conditions, " UNION ");
  return statement;
}

std::string held_condition(const DataMap& map, const Catalogue& catalogue, const Held& held,
                           const SetRef& set, const std::string& alias, SqlStatement& statement) {
  const auto conditions = held_conditions(map, catalogue, held, set, alias, statement);
  return conditions.empty() ? std::string() : "(" + join(conditions, " OR ") + ")";
}

}  // namespace dsar
