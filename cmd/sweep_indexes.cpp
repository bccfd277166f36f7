#include "cmd/sweep_indexes.hpp"

#include <algorithm>

#include "core/pg/sweep_walk.hpp"
#include "core/sql.hpp"

namespace dsar::cmd {

void add_missing_indexes(pg::Connection& connection, const SweepWorld& world,
                         const pg::SweepPlan& plan, SweepResult& result) {
  std::vector<std::string> told;
  const auto tell = [&](const std::string& warning) {
    if (std::find(told.begin(), told.end(), warning) == told.end()) told.push_back(warning);
  };
  for (const auto& planned : plan.passes) {
    const auto& pass = planned.pass;
    if (pg::clock_index_is_used(connection, world, pass) == false)
      tell("no index serves the clock of " + pass.set.set->name + ", so the whole table is read: " +
           "CREATE INDEX CONCURRENTLY ON " + quote(pass.set.table->name).text() + " (" +
           SweepConditions::clock_sql(pass.set, pass.set.table->name.name) + ")");
    if (planned.due == 0 || pass.action != SweepAction::remove) continue;
    for (const auto& referrer : referrers(world.map, world.catalogue, pass.set)) {
      const auto& indexes = referrer.table->indexes;
      const auto serves = [&](const CatalogueIndex& index) {
        return !index.partial && index.columns.size() >= referrer.key->columns.size() &&
               std::is_permutation(referrer.key->columns.begin(), referrer.key->columns.end(),
                                   index.columns.begin());
      };
      constexpr double small = 1000;
      if (referrer.table->estimated_rows < small ||
          std::any_of(indexes.begin(), indexes.end(), serves))
        continue;
      std::vector<std::string> columns;
      for (const auto& column : referrer.key->columns) columns.push_back(quote(column).text());
      tell("no index on " + referrer.table->name.text() + " (" + join(referrer.key->columns, ", ") +
           "), which refers to rows that are deleted: CREATE INDEX CONCURRENTLY ON " +
           quote(referrer.table->name).text() + " (" + join(columns, ", ") + ")");
    }
  }
  result.warnings.insert(result.warnings.end(), told.begin(), told.end());
}

}  // namespace dsar::cmd
