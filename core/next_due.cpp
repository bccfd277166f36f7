#include "core/next_due.hpp"

#include <algorithm>

#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {

const DueCut* counted_cut(const SetSchedule& schedule) {
  if (schedule.kept_always != nullptr) return nullptr;
  const DueCut* cut = schedule.by_clock  ? &*schedule.by_clock
                      : schedule.renewed ? &schedule.renewed->cut
                                         : nullptr;
  return cut != nullptr && cut->rule->period.is_counted() ? cut : nullptr;
}

std::vector<SqlStatement> oldest_not_due_statements(
    const SweepWorld& world, const std::vector<const SetSchedule*>& tenants) {
  constexpr const char* row = "t0";
  const auto& set = tenants.front()->set;
  const auto& zone = tenants.front()->tenant->zone;
  std::vector<SqlStatement> statements;
  for (const auto& dating : dating_sets(world.map, set)) {
    const auto type = world.clock_types.find(dating.set->name);
    if (type == world.clock_types.end()) continue;
    SqlStatement statement;
    SweepConditions conditions(world, statement, false);
    std::vector<std::string> parts;
    for (const auto* one : tenants)
      parts.push_back("(" + conditions.in_tenants(dating, row, {one}) + " AND " +
                      conditions.clock_from(dating, row, counted_cut(*one)->cut_off, zone) + ")");
    std::string where;
    if (dating.set->predicate)
      where = "(" + bind_aliases(dating.set->predicate->text, {{"this", row}}) + ") AND ";
    if (dating.set->name != set.set->name) where += conditions.dates(dating, row, set) + " AND ";
    const auto oldest = "min(" + SweepConditions::clock_sql(dating, row) + ")";
    statement.text = "SELECT " + tenant_expression(world.map, *dating.table, row) + ", " +
                     clock_text(oldest, type->second, *dating.set->clock, zone) + " " +
                     from_table(dating) + " WHERE " + where + "(" + join(parts, " OR ") +
                     ") GROUP BY 1";
    statements.push_back(std::move(statement));
  }
  return statements;
}

std::optional<Instant> next_due(const SetSchedule& schedule, const ClockValue& clock) {
  const auto* cut = counted_cut(schedule);
  if (cut == nullptr) return std::nullopt;
  const auto& zone = schedule.tenant->zone;
  auto due = due_from(clock, cut->rule->period, zone);
  if (due && schedule.floor && schedule.delayed && schedule.delayed->rule == cut->rule) {
    if (const auto passed = due_from(clock, schedule.floor->rule->period, zone))
      due = std::max(due, passed);
  }
  return due;
}

}  // namespace dsar
