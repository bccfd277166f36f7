#include "core/sweep_passes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/error.hpp"
#include "core/side_effects.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"

namespace dsar {
namespace {

/// For every set, by its place in the map: the sets that must have been swept before it.
std::vector<std::set<std::size_t>> children_of(const DataMap& map, const Catalogue& catalogue,
                                               const std::vector<SetRef>& sets) {
  std::map<std::string, std::size_t> place;
  std::map<TableName, std::vector<std::size_t>> of_table;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    place[sets[i].set->name] = i;
    of_table[sets[i].table->name].push_back(i);
  }
  std::vector<std::set<std::size_t>> before(sets.size());
  const auto add = [&](std::size_t child, std::size_t parent) {
    if (sets[child].table != sets[parent].table) before[parent].insert(child);
  };
  for (std::size_t i = 0; i < sets.size(); ++i) {
    // What others share goes after them, whatever it hangs on.
    const auto& shared_by = sets[i].set->erase.unless_referenced_by;
    const auto shares = [&](std::size_t other) {
      return std::any_of(shared_by.begin(), shared_by.end(), [&](const Reference& reference) {
        return reference.table == sets[other].table->name;
      });
    };
    for (const auto& reference : shared_by) {
      for (const auto sharer : of_table[reference.table]) add(sharer, i);
    }
    for (const auto& link : sets[i].set->links) {
      const auto to = place.find(link.to);
      if (to != place.end() && !shares(to->second)) add(i, to->second);
    }
    if (sets[i].set->clock) {
      for (const auto& parent : sets[i].set->clock->parents) {
        if (!shares(place.at(parent))) add(i, place.at(parent));
      }
      for (const auto& child : sets[i].set->clock->childless) add(place.at(child), i);
    }
    for (const auto& referrer : referrers(map, catalogue, sets[i])) {
      if (referrer.fate != Referrer::Fate::blocks) continue;
      for (const auto child : of_table[referrer.table->name]) add(child, i);
    }
  }
  return before;
}

/// Rows that have no date but their parent's, and whose parent goes no later than they would.
bool goes_along_anyway(const DataMap& map, const SetSchedule& one,
                       const std::vector<SetSchedule>& schedule) {
  const auto& clock = *one.set.set->clock;
  if (clock.expression || one.by_clock->action != SweepAction::remove) return false;
  return std::all_of(clock.parents.begin(), clock.parents.end(), [&](const std::string& name) {
    const auto parent =
        std::find_if(schedule.begin(), schedule.end(), [&](const SetSchedule& other) {
          return other.tenant == one.tenant && other.set.set->name == name;
        });
    if (parent == schedule.end() || parent->kept_always != nullptr || parent->kept_by_law ||
        !parent->by_clock || parent->by_clock->action != SweepAction::remove)
      return false;
    const auto& own = find_set(map, name).set->clock;
    return own && own->expression && own->childless.empty() &&
           one.by_clock->cut_off <= parent->by_clock->cut_off;
  });
}

SweepPass whole_or_clock(const SetRef& set, DueBy by, SweepAction action) {
  return {.set = set, .by = by, .action = action};
}

}  // namespace

std::vector<SetRef> sweep_order(const DataMap& map, const Catalogue& catalogue) {
  const auto sets = record_sets(map);
  auto before = children_of(map, catalogue, sets);
  std::vector<SetRef> order;
  std::vector<bool> done(sets.size(), false);
  while (order.size() < sets.size()) {
    std::size_t next = sets.size();
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (done[i]) continue;
      // In a cycle: whoever waits for the fewest.
      if (next == sets.size() || before[i].size() < before[next].size()) next = i;
      if (before[next].empty()) break;
    }
    done[next] = true;
    order.push_back(sets[next]);
    for (auto& waiting : before) waiting.erase(next);
  }
  return order;
}

std::vector<SweepPass> plan_passes(const DataMap& map, const Catalogue& catalogue,
                                   const std::vector<SetSchedule>& schedule) {
  std::vector<SweepPass> passes;
  for (const auto& set : sweep_order(map, catalogue)) {
    for (const auto by : {DueBy::whole, DueBy::clock}) {
      for (const auto action : all_values<SweepAction>()) {
        auto pass = whole_or_clock(set, by, action);
        for (const auto& one : schedule) {
          if (one.set.set->name != set.set->name) continue;
          const auto& cut = by == DueBy::whole ? one.whole : one.by_clock;
          if (!cut || cut->action != action) continue;
          if (by == DueBy::clock && goes_along_anyway(map, one, schedule)) continue;
          pass.tenants.push_back(&one);
        }
        if (!pass.tenants.empty()) passes.push_back(std::move(pass));
      }
    }
    if (auto orphans = orphan_pass(set, schedule)) passes.push_back(std::move(*orphans));
  }
  return passes;
}

std::vector<EventPasses> plan_event_passes(const DataMap& map, const Catalogue& catalogue,
                                           const std::vector<SetSchedule>& schedule) {
  const auto order = sweep_order(map, catalogue);
  std::vector<EventPasses> events;
  for (const auto& set : order) {
    for (const auto& one : schedule) {
      if (one.set.set->name != set.set->name) continue;
      for (const auto& cut : one.by_event) {
        for (const auto& source : event_sources(map, set, cut.event)) {
          for (const auto& event : source.set->events) {
            if (event.event != to_string(cut.event)) continue;
            auto same = std::find_if(events.begin(), events.end(), [&](const EventPasses& known) {
              return known.tenant == one.tenant && known.rule == cut.cut.rule &&
                     known.event == &event;
            });
            if (same == events.end()) {
              events.push_back({one.tenant, cut.cut.rule, source, &event, cut.cut.cut_off, {}});
              same = std::prev(events.end());
            }
            SweepPass pass{.set = set, .by = DueBy::keys, .action = cut.cut.action};
            pass.tenants = {&one};
            pass.source = source;
            pass.rule = cut.cut.rule;
            pass.floor = cut.floor;
            same->passes.push_back(std::move(pass));
          }
        }
      }
    }
  }
  return events;
}

SqlStatement event_keys_statement(const SweepWorld& world, const EventPasses& event) {
  constexpr const char* row = "t0";
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  std::vector<std::string> columns;
  const auto key =
      row_key(*event.source.table, live_table(world.catalogue, event.source.table->name));
  if (key.empty())
    throw Error(ExitCode::usage,
                event.source.table->name.text() + " has an event but no key to know its rows by",
                "Name the columns that identify a row as its key in the map.");
  for (const auto& column : key) columns.push_back(qualify(row, column) + "::text");
  SetSchedule of_tenant;
  of_tenant.set = event.source;
  of_tenant.tenant = event.tenant;
  auto where =
      conditions.in_tenants(event.source, row, {&of_tenant}) + " AND " +
      conditions.event_before(event.source, *event.event, row, event.cut_off, event.tenant->zone);
  if (event.source.set->predicate)
    where =
        "(" + bind_aliases(event.source.set->predicate->text, {{"this", row}}) + ") AND " + where;
  statement.text =
      "SELECT " + join(columns, ", ") + " " + from_table(event.source) + " WHERE " + where;
  return statement;
}

std::optional<SweepPass> piece_of_keys(const SweepPass& pass, std::size_t from, std::size_t rows) {
  const auto& name = pass.source.set->name;
  const auto& all = pass.keys->at(name);
  if (from >= all.size()) return std::nullopt;
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(rows, all.size() - from));
  auto piece = pass;
  piece.keys = std::make_shared<const SubjectKeys>(SubjectKeys{{name, {begin, end}}});
  return piece;
}

std::optional<std::string> why_refused(const DataMap& map, const Catalogue& catalogue,
                                       const SweepPass& pass) {
  if (pass.action != SweepAction::remove) return std::nullopt;
  std::vector<SetRef> going{pass.set};
  for (std::size_t i = 0; i < going.size(); ++i) {
    const auto unknown = unknown_side_effects(*going[i].table, catalogue);
    if (!unknown.empty())
      return going[i].table->name.text() + ": " + unknown.front().message +
             ", which the map does not know";
    for (const auto& child : dependants(map, going[i])) {
      const auto listed = [&](const SetRef& one) { return one.set->name == child.set->name; };
      if (std::none_of(going.begin(), going.end(), listed)) going.push_back(child);
    }
  }
  return std::nullopt;
}

}  // namespace dsar
