#include "core/next_due.hpp"

#include <algorithm>

#include "core/sql_fragment.hpp"
#include "core/sweep_statements.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {

const DueCut* counted_cut(const SetSchedule& schedule) {
  if (schedule.kept_always != nullptr) return nullptr;
  const DueCut* cut = schedule.by_clock  ? &*schedule.by_clock
                      : schedule.renewed ? &schedule.renewed->cut
                                         : nullptr;
  return cut != nullptr && cut->rule->period.is_counted() ? cut : nullptr;
}

SqlStatement oldest_not_due_statement(const SweepWorld& world,
                                      const std::vector<const SetSchedule*>& tenants) {
  constexpr const char* row = "t0";
  const auto& set = tenants.front()->set;
  const auto& zone = tenants.front()->tenant->zone;
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  std::vector<std::string> parts;
  for (const auto* one : tenants)
    parts.push_back("(" + conditions.in_tenants(set, row, {one}) + " AND " +
                    conditions.clock_from(set, row, counted_cut(*one)->cut_off, zone) + ")");
  const auto of_set = set.set->predicate
                          ? "(" + bind_aliases(set.set->predicate->text, {{"this", row}}) + ") AND "
                          : std::string();
  const auto oldest = "min(" + SweepConditions::clock_sql(set, row) + ")";
  statement.text = "SELECT " + tenant_expression(world.map, *set.table, row) + ", " +
                   clock_text(oldest, world.clock_types.at(set.set->name), *set.set->clock, zone) +
                   " " + from_table(set) + " WHERE " + of_set + "(" + join(parts, " OR ") +
                   ") GROUP BY 1";
  return statement;
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
