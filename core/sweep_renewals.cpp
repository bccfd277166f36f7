#include "core/sweep_renewals.hpp"

#include "core/mask_sql.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

constexpr const char* row = "t0";

/// The dates of the event that renews the row's clock, at the row itself and at those it hangs on.
std::string renewing_dates(const SweepWorld& world, const SetSchedule& schedule,
                           SqlStatement& statement) {
  const auto& set = schedule.set;
  const auto& zone = schedule.tenant->zone;
  const auto wanted = schedule.renewed->event;
  Parts selects;
  int number = 0;
  for (const auto& source : event_sources(world.map, set, wanted)) {
    const auto ends = [&](const SetRef& end) -> std::optional<Relation> {
      if (end.set->name != source.set->name) return std::nullopt;
      return Relation::own;
    };
    std::vector<ReachPath> paths;
    for (auto& reach : plan_ways(world.map, ends)) {
      if (reach.set.set->name == set.set->name) paths = std::move(reach.paths);
    }
    const auto key = row_key(*source.table, live_table(world.catalogue, source.table->name));
    for (const auto& event : source.set->events) {
      if (event.event != to_string(wanted)) continue;
      const auto type = world.clock_types.at(event_key(source, event));
      for (const auto& path : paths) {
        const auto from = "r" + std::to_string(++number);
        // The way ends at the very row whose dates these are.
        WayWriter writer(
            world.map, world.catalogue, std::nullopt, from + "w", statement,
            [&](const SetRef&, const std::string& end) {
              Parts same;
              for (const auto& column : key)
                same.push_back(qualify(end, column) + " = " + qualify(from, column).text());
              return join(same, " AND ");
            });
        const RowInSight at{set.table, row};
        selects.push_back("SELECT " + clock_text("e.happened", type, {}, zone) + " FROM " +
                          quote(source.table->name) + " AS " + quote(from).text() + ", LATERAL (" +
                          event_dates(event, from) +
                          ") AS e(happened) WHERE e.happened IS NOT NULL AND " +
                          writer.way(path, at, at));
      }
    }
  }
  return selects.empty() ? "SELECT NULL::text WHERE false" : join(selects, " UNION ALL ");
}

}  // namespace

SqlStatement renewable_statement(const SweepWorld& world, const SetSchedule& schedule) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  const auto& set = schedule.set;
  const auto& renewed = *schedule.renewed;
  const auto name = std::string(to_string(renewed.event));
  const auto& zone = schedule.tenant->zone;
  const auto key = row_key(*set.table, live_table(world.catalogue, set.table->name));
  Parts columns;
  Parts key_text;
  for (const auto& column : key) {
    columns.push_back(qualify(row, column) + "::text");
    key_text.push_back(qualify(row, column) + "::text");
  }
  if (key.empty())
    throw Error(ExitCode::usage,
                set.table->name.text() + " has a clock that events renew but no key",
                "Name the columns that identify a row as its key in the map.");
  const auto row_key_text = "array[" + join(key_text, ", ") + "]::text";
  const auto clock = SweepConditions::clock_sql(set, row);
  columns.push_back(clock_text(clock, world.clock_types.at(set.set->name), *set.set->clock, zone));
  columns.push_back(
      "(SELECT to_char(k.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
      "FROM dsar.kept_event AS k WHERE k.record_set = " +
      statement.bind(set.set->name, "text") + " AND k.row_key = " + row_key_text +
      " AND k.event = " + statement.bind(name, "text") + ")");
  columns.push_back("(SELECT string_agg(d.happened, ' ') FROM (" +
                    renewing_dates(world, schedule, statement) + ") AS d(happened))");
  const auto predicate =
      set.set->predicate ? "(" + bind_aliases(set.set->predicate->text, {{"this", row}}) + ") AND "
                         : std::string();
  statement.text = "SELECT " + join(columns, ", ") + " " + from_table(set) + " WHERE " + predicate +
                   conditions.in_tenants(set, row, {&schedule}) + " AND NOT " +
                   is_masked(world.catalogue, set, row);
  return statement;
}

}  // namespace dsar
