#include "core/pg/renewable.hpp"

#include <algorithm>
#include <sstream>

#include "core/pg/clock_value.hpp"
#include "core/renewed_clock.hpp"
#include "core/rfc3339.hpp"
#include "core/sweep_renewals.hpp"

namespace dsar::pg {

Renewable read_renewable(Connection& connection, const SweepWorld& world,
                         const SetSchedule& schedule, Instant now) {
  const auto& set = schedule.set;
  const auto& zone = schedule.tenant->zone;
  const auto statement = renewable_statement(world, schedule);
  const auto rows = connection.exec(statement.text, statement.params());
  const auto key_columns = row_key(*set.table, live_table(world.catalogue, set.table->name)).size();
  const auto& period = schedule.renewed->cut.rule->period;
  Renewable result;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    std::vector<std::string> key;
    for (std::size_t c = 0; c < key_columns; ++c) key.push_back(rows->text(r, c));
    const auto own = rows->at(r, key_columns);
    if (!own) {
      ++result.undated;
      continue;
    }
    auto clock = read_clock_value(std::string(*own), set.set->name);
    // What was kept is the clock as events had moved it, one after another: it is not measured
    // against the row's own date once more.
    const auto kept = rows->at(r, key_columns + 1);
    const auto moved = kept ? parse_rfc3339(*kept) : std::nullopt;
    if (moved && *moved > first_instant(clock, zone)) clock = *moved;
    std::vector<Instant> events;
    std::istringstream dates(rows->text(r, key_columns + 2));
    for (std::string date; dates >> date;)
      events.push_back(first_instant(read_clock_value(date, set.set->name), zone));
    // What has not happened yet renews nothing.
    std::erase_if(events, [&](Instant event) { return event > now; });
    clock = renewed_clock(clock, events, period, zone);
    const auto due = due_from(clock, period, zone);
    if (due && *due <= now) {
      const auto text = to_text(clock);
      if (result.oldest.empty() || text < result.oldest) result.oldest = text;
      result.due.push_back(std::move(key));
    } else if (moved || !events.empty()) {
      result.kept.emplace_back(array_value(key), first_instant(clock, zone));
    }
  }
  return result;
}

}  // namespace dsar::pg
