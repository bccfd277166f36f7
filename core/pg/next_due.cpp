#include "core/pg/next_due.hpp"

#include <memory>
#include <utility>

#include "core/pg/clock_value.hpp"
#include "core/pg/privilege.hpp"
#include "core/visibility.hpp"

namespace dsar::pg {
namespace {

bool can_ask(const SweepWorld& world, const SetSchedule& one) {
  return counted_cut(one) != nullptr && !cannot_read(world.catalogue, one.set.table->name, {});
}

/// Of several rows that are not due yet the one that will be first.
void add(const Result& rows, const std::string& set, const std::vector<const SetSchedule*>& group,
         std::map<const SetSchedule*, NotDueYet>& found) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto text = rows.at(r, 1);
    if (!text) continue;
    const auto clock = read_clock_value(std::string(*text), set);
    for (const auto* one : group) {
      if (group.size() > 1 && one->tenant->key != rows.text(r, 0)) continue;
      const auto due = next_due(*one, clock);
      const auto known = found.find(one);
      if (known == found.end()) {
        found.insert({one, {clock, due}});
      } else if (due && (!known->second.due || *due < *known->second.due)) {
        known->second = {clock, due};
      }
    }
  }
}

}  // namespace

std::map<const SetSchedule*, NotDueYet> read_next_due(
    Connection& connection, const SweepWorld& world,
    const std::vector<const SetSchedule*>& schedules) {
  // A clock without a zone is read in the tenant's: one statement for those that share it.
  std::map<std::pair<std::string, std::string>, std::vector<const SetSchedule*>> groups;
  for (const auto* one : schedules) {
    if (can_ask(world, *one)) groups[{one->set.set->name, one->tenant->zone.name()}].push_back(one);
  }
  std::map<const SetSchedule*, NotDueYet> found;
  for (const auto& [name, group] : groups) {
    for (const auto& statement : oldest_not_due_statements(world, group)) {
      std::unique_ptr<Result> rows;
      const auto forbidden = unless_forbidden(
          connection, [&] { rows = connection.exec(statement.text, statement.params()); });
      if (!forbidden) add(*rows, name.first, group, found);
    }
  }
  return found;
}

}  // namespace dsar::pg
