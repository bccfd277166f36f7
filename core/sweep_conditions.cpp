#include "core/sweep_conditions.hpp"

#include <algorithm>

#include "core/condition_parts.hpp"
#include "core/mask_sql.hpp"
#include "core/rfc3339.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

/// The least whole number of units since 1970 that is not before the instant.
std::string epoch_bound(Instant instant, EpochUnit unit) {
  const std::int64_t divisor = unit == EpochUnit::milliseconds ? 1000 : 1000000;
  const std::int64_t count = instant.time_since_epoch().count();
  auto quotient = count / divisor;
  if (count % divisor > 0) ++quotient;
  return std::to_string(quotient);
}

}  // namespace

std::string event_key(const SetRef& set, const SetEvent& event) {
  // Several may have one name.
  return set.set->name + " " + event.event + " " + std::to_string(&event - set.set->events.data());
}

std::string event_dates(const SetEvent& event, const std::string& alias) {
  std::map<std::string, std::string> aliases{{"this", alias}};
  Parts tables;
  Parts conditions;
  auto last = alias;
  int number = 0;
  for (const auto& hop : event.via) {
    const auto next = alias + "e" + std::to_string(++number);
    aliases[hop.alias] = next;
    tables.push_back(quote(hop.table) + (" AS " + quote(next).text()));
    for (const auto& pair : hop.match)
      conditions.push_back(qualify(next, pair.far) + " = " + qualify(last, pair.near).text());
    if (hop.on) conditions.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
    last = next;
  }
  if (event.unless)
    conditions.push_back("(" + bind_aliases(event.unless->text, aliases) + ") IS NOT TRUE");
  auto sql = "SELECT (" + bind_aliases(event.expression.text, aliases) + ")";
  if (!tables.empty()) sql += " FROM " + join(tables, ", ");
  return sql + (conditions.empty() ? "" : " WHERE " + join(conditions, " AND "));
}

const EffectiveRule* rule_of(const SweepPass& pass, const SetSchedule* tenant) {
  if (pass.by == DueBy::keys) return pass.rule;
  if (pass.by == DueBy::orphan) return nullptr;
  if (tenant == nullptr) return nullptr;
  if (pass.by == DueBy::whole) return tenant->whole ? tenant->whole->rule : nullptr;
  return tenant->by_clock ? tenant->by_clock->rule : nullptr;
}

std::optional<SweepPass> orphan_pass(const SetRef& set, const std::vector<SetSchedule>& schedule) {
  const auto& clock = set.set->clock;
  if (!clock || clock->parents.empty() || !clock->undated_due) return std::nullopt;
  SweepPass pass{.set = set, .by = DueBy::orphan};
  for (const auto& one : schedule) {
    if (one.set.set->name == set.set->name && one.may_be_due() &&
        (one.whole || (one.by_clock && one.by_clock->action == SweepAction::remove)))
      pass.tenants.push_back(&one);
  }
  return pass;
}

std::string SweepConditions::fresh() {
  return "s" + std::to_string(++aliases_used_);
}

std::string SweepConditions::clock_sql(const SetRef& set, const std::string& alias) {
  return bound(*set.set->clock->expression, alias);
}

std::string SweepConditions::compared(const std::string& clock, const Clock& rule, ClockType type,
                                      Side side, const CutOff& cut_off, const Zone& zone) {
  const std::string than = side == Side::before ? " < " : " >= ";
  switch (type) {
    case ClockType::date:
      return clock + than + statement_.bind(iso_text(cut_off.date), "date");
    case ClockType::timestamptz:
      return clock + than + statement_.bind(rfc3339(cut_off.instant), "timestamp with time zone");
    case ClockType::number:
      return clock + than + statement_.bind(epoch_bound(cut_off.instant, rule.epoch), "bigint");
    case ClockType::timestamp: {
      // Exact by the zone; the plain bound beside it is what an index can use.
      const auto name = rule.zone.empty() ? zone.name() : rule.zone;
      const auto slack = std::chrono::days{side == Side::before ? 2 : -2};
      return clock + " AT TIME ZONE " + string_literal(name) + than +
             statement_.bind(rfc3339(cut_off.instant), "timestamp with time zone") + " AND " +
             clock + than +
             statement_.bind(iso_text(zone.date_of(cut_off.instant) + slack),
                             "timestamp without time zone");
    }
  }
  return never;
}

std::string SweepConditions::clock_from(const SetRef& set, const std::string& alias,
                                        const CutOff& cut_off, const Zone& zone) {
  const auto type = world_.clock_types.find(set.set->name);
  if (type == world_.clock_types.end()) return never;
  return compared(clock_sql(set, alias), *set.set->clock, type->second, Side::from, cut_off, zone);
}

std::string SweepConditions::clock_before(const SetRef& set, const std::string& alias,
                                          const CutOff& cut_off, const Zone& zone) {
  const auto& clock = *set.set->clock;
  if (clock.expression) {
    const auto type = world_.clock_types.find(set.set->name);
    if (type == world_.clock_types.end()) return never;
    return compared(clock_sql(set, alias), clock, type->second, Side::before, cut_off, zone);
  }
  return parents_before(set, alias, cut_off, zone, false);
}

/// `childless`: and what a parent waits for has gone, where it waits for its children.
std::string SweepConditions::parents_before(const SetRef& set, const std::string& alias,
                                            const CutOff& cut_off, const Zone& zone,
                                            bool childless) {
  Parts by_parent;
  for (const auto& name : set.set->clock->parents) {
    const auto parent = find_set(world_.map, name);
    if (parent.set == nullptr || !parent.set->clock) continue;
    for (const auto& step : steps_between(set, parent)) {
      WayWriter writer(world_.map, world_.catalogue, std::nullopt, fresh() + "_", statement_,
                       [&](const SetRef& end, const std::string& end_alias) {
                         if (!childless)
                           return "(" + clock_before(end, end_alias, cut_off, zone) + ")";
                         const auto clock =
                             end.set->clock->expression
                                 ? clock_before(end, end_alias, cut_off, zone)
                                 : parents_before(end, end_alias, cut_off, zone, true);
                         return "(" + all_of({clock, no_children(end, end_alias)}) + ")";
                       });
      const RowInSight row{set.table, alias};
      by_parent.push_back(
          writer.way({parent, {step}, step.link->relation.value_or(set.set->relation)}, row, row));
    }
  }
  return any_of(by_parent);
}

std::string SweepConditions::event_before(const SetRef& set, const SetEvent& event,
                                          const std::string& alias, const CutOff& cut_off,
                                          const Zone& zone) {
  const auto type = world_.clock_types.find(event_key(set, event));
  if (type == world_.clock_types.end()) return never;
  const auto dates = fresh();
  return "EXISTS (SELECT 1 FROM (" + event_dates(event, alias) + ") AS " + quote(dates).text() +
         "(happened) WHERE " +
         compared(qualify(dates, "happened").text(), {}, type->second, Side::before, cut_off,
                  zone) +
         ")";
}

std::string SweepConditions::in_tenants(const SetRef& set, const std::string& alias,
                                        const Schedules& tenants) {
  if (!world_.map.tenants) return "true";
  if (tenants.empty()) return never;
  if (tenants.size() == 1) {
    const auto condition = tenant_condition(world_.map, world_.catalogue, *set.table, alias,
                                            tenants.front()->tenant->key, statement_);
    return condition.empty() ? "true" : condition;
  }
  std::vector<std::string> keys;
  for (const auto* tenant : tenants) keys.push_back(tenant->tenant->key);
  const bool own = set.table->name == world_.map.tenants->table;
  if (own || (set.table->tenant.size() == 1 && !set.table->tenant.front().column.empty())) {
    const auto& column = own ? world_.map.tenants->key : set.table->tenant.front().column;
    const auto& type = live_column(world_.catalogue, set.table->name, column).type;
    return qualify(alias, column) + " = ANY (" + statement_.bind(array_value(keys), type + "[]") +
           ")";
  }
  return tenant_expression(world_.map, *set.table, alias) + " = ANY (" +
         statement_.bind(array_value(keys), "text[]") + ")";
}

std::string SweepConditions::is_of(const SetRef& set, const std::string& alias) {
  return set.set->predicate ? bound(*set.set->predicate, alias) : "true";
}

std::string SweepConditions::due(const SweepPass& pass, const std::string& alias) {
  // What hangs on rows of a tenant is the tenant's.
  if (open_.empty()) tenants_ = pass.tenants;
  const auto of_set = is_of(pass.set, alias);
  // What is masked already is done; what others share stays for them.
  const auto wanting = pass.action == SweepAction::mask
                           ? "NOT " + is_masked(world_.catalogue, pass.set, alias, pass.masks)
                           : unreferenced(pass.set, alias);
  switch (pass.by) {
    case DueBy::whole:
      return all_of({of_set, in_tenants(pass.set, alias, pass.tenants), wanting});
    case DueBy::clock:
      return all_of({of_set, due_by_clock(pass, alias), wanting, no_children(pass.set, alias)});
    case DueBy::orphan:
      return all_of({of_set, orphaned(pass, alias)});
    case DueBy::keys: {
      auto floored = std::string("true");
      if (pass.floor)
        floored = pass.set.set->clock ? "(" +
                                            clock_before(pass.set, alias, *pass.floor,
                                                         pass.tenants.front()->tenant->zone) +
                                            ")"
                                      : never;
      return all_of({of_set, reached(pass, alias), floored, wanting});
    }
  }
  return never;
}

std::string SweepConditions::due_by_clock(const SweepPass& pass, const std::string& alias) {
  Parts parts;
  const auto groups = by_cut_off(
      pass.tenants, [](const SetSchedule& s) -> const CutOff& { return s.by_clock->cut_off; });
  for (const auto& group : groups) {
    const auto& cut_off = group.front()->by_clock->cut_off;
    const auto& zone = group.front()->tenant->zone;
    // A row that has its parent's clock does not go before the parent does.
    parts.push_back(all_of({in_tenants(pass.set, alias, group),
                            pass.set.set->clock->expression
                                ? clock_before(pass.set, alias, cut_off, zone)
                                : parents_before(pass.set, alias, cut_off, zone, true)}));
  }
  if (parts.empty()) return never;
  if (parts.size() > 1) {
    for (auto& part : parts) part = "(" + part + ")";
  }
  auto condition = any_of(parts);
  if (pass.not_before)
    condition += " AND " + clock_sql(pass.set, alias) +
                 " >= " + statement_.bind(pass.not_before->first, pass.not_before->second);
  return condition;
}

std::string SweepConditions::dates(const SetRef& root, const std::string& alias,
                                   const SetRef& child) {
  if (root.set->name == child.set->name) return "true";
  if (std::find(open_.begin(), open_.end(), root.set->name) != open_.end()) return never;
  open_.push_back(root.set->name);
  Parts ways;
  for (const auto& next : record_sets(world_.map)) {
    const auto& clock = next.set->clock;
    if (!clock || clock->expression) continue;
    const auto& parents = clock->parents;
    if (std::find(parents.begin(), parents.end(), root.set->name) == parents.end()) continue;
    for (const auto& step : steps_between(next, root)) {
      bool possible = true;
      auto way = hanging(step, root, alias, [&](const std::string& next_alias) {
        auto further = dates(next, next_alias, child);
        possible = can(further);
        return further;
      });
      if (possible) ways.push_back(std::move(way));
    }
  }
  open_.pop_back();
  return any_of(ways);
}

std::string SweepConditions::orphaned(const SweepPass& pass, const std::string& alias) {
  const auto& set = pass.set;
  // Of shared rows what refers to them decides alone.
  auto parts =
      set.set->erase.unless_referenced_by.empty() ? Parts{} : Parts{unreferenced(set, alias)};
  const bool shared = !parts.empty();
  for (const auto& name : set.set->clock->parents) {
    if (shared) break;
    const auto parent = find_set(world_.map, name);
    for (const auto& step : steps_between(set, parent)) {
      WayWriter writer(world_.map, world_.catalogue, std::string(), fresh() + "_", statement_,
                       [](const SetRef&, const std::string&) { return std::string("true"); });
      const RowInSight row{set.table, alias};
      parts.push_back("NOT " + writer.way({parent, {step}, Relation::own}, row, row));
    }
  }
  if (parts.empty()) return never;
  // A tenant's rows go by its policy alone, nobody's rows by the map's word.
  if (world_.map.tenants && !set.table->tenant.empty()) {
    const auto nobodys = tenant_expression(world_.map, *set.table, alias) + " IS NULL";
    parts.push_back(any_of({nobodys, in_tenants(set, alias, pass.tenants)}));
  }
  return all_of(parts);
}

/// Nothing is left that shares the row.
std::string SweepConditions::unreferenced(const SetRef& set, const std::string& alias) {
  Parts parts;
  for (const auto& reference : set.set->erase.unless_referenced_by) {
    const auto other = fresh();
    Parts match;
    for (const auto& pair : reference.match)
      match.push_back(qualify(other, pair.near) + " = " + qualify(alias, pair.far).text());
    if (const auto* table = find_table(world_.map, reference.table))
      match.push_back(remains(*table, other));
    parts.push_back("NOT EXISTS (SELECT 1 FROM " + quote(reference.table) + " AS " +
                    quote(other).text() + " WHERE " + all_of(match) + ")");
  }
  return all_of(parts);
}

std::string SweepConditions::reached(const SweepPass& pass, const std::string& alias) {
  const auto tenant_key = pass.tenants.empty() ? std::string() : pass.tenants.front()->tenant->key;
  WayWriter writer(world_.map, world_.catalogue, tenant_key, fresh() + "_", statement_,
                   [&](const SetRef& end, const std::string& end_alias) {
                     return has_key_of(world_.catalogue, end, end_alias, *pass.keys, statement_);
                   });
  const auto ends = [&](const SetRef& set) -> std::optional<Relation> {
    if (set.set->name != pass.source.set->name) return std::nullopt;
    return Relation::own;
  };
  const RowInSight row{pass.set.table, alias};
  Parts ways;
  for (const auto& reach : plan_ways(world_.map, ends)) {
    if (reach.set.set->name != pass.set.set->name) continue;
    for (const auto& path : reach.paths) {
      const bool mention = std::any_of(path.steps.begin(), path.steps.end(), [](const auto& step) {
        return step.link->relation.value_or(step.from.set->relation) == Relation::mentions;
      });
      if (mention) continue;
      auto parts = writer.rows_of(pass.set, row, row);
      parts.push_back(writer.way(path, row, row));
      ways.push_back("(" + join(parts, " AND ") + ")");
    }
  }
  return any_of(ways);
}

}  // namespace dsar
