#include "core/sweep_conditions.hpp"

#include <algorithm>
#include <set>

#include "core/mask_sql.hpp"
#include "core/rfc3339.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;
using Schedules = std::vector<const SetSchedule*>;

constexpr const char* never = "false";

bool can(const std::string& condition) {
  return condition != never;
}

std::string any_of(const Parts& parts) {
  Parts possible;
  for (const auto& part : parts) {
    if (can(part)) possible.push_back(part);
  }
  if (possible.empty()) return never;
  return possible.size() == 1 ? possible.front() : "(" + join(possible, " OR ") + ")";
}

std::string all_of(const Parts& parts) {
  Parts needed;
  for (const auto& part : parts) {
    if (part == "true" || part.empty()) continue;
    needed.push_back(part);
  }
  return needed.empty() ? "true" : join(needed, " AND ");
}

std::string bound(const SqlFragment& fragment, const std::string& alias) {
  return "(" + bind_aliases(fragment.text, {{"this", alias}}) + ")";
}

/// The least whole number of units since 1970 that is not before the instant.
std::string epoch_bound(Instant instant, EpochUnit unit) {
  const std::int64_t divisor = unit == EpochUnit::milliseconds ? 1000 : 1000000;
  const std::int64_t count = instant.time_since_epoch().count();
  auto quotient = count / divisor;
  if (count % divisor > 0) ++quotient;
  return std::to_string(quotient);
}

bool covers(const std::vector<std::string>& columns, const std::vector<ColumnPair>& match) {
  return !columns.empty() &&
         std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return std::any_of(match.begin(), match.end(),
                              [&](const ColumnPair& pair) { return pair.far == column; });
         });
}

bool goes_with(const SetRef& child, const SetRef& parent) {
  if (!child.set->clock || child.set->name == parent.set->name) return false;
  if (!child.set->erase.unless_referenced_by.empty()) return false;  // others may need it still
  const auto& parents = child.set->clock->parents;
  return std::find(parents.begin(), parents.end(), parent.set->name) != parents.end();
}

/// Schedules with equal cut-offs and zones, together.
std::vector<Schedules> by_cut_off(const Schedules& tenants,
                                  const std::function<const CutOff&(const SetSchedule&)>& cut_off) {
  std::vector<Schedules> groups;
  for (const auto* tenant : tenants) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Schedules& group) {
      const auto& first = *group.front();
      return cut_off(first) == cut_off(*tenant) &&
             first.tenant->zone.name() == tenant->tenant->zone.name();
    });
    if (same == groups.end()) {
      groups.push_back({tenant});
    } else {
      same->push_back(tenant);
    }
  }
  return groups;
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

std::vector<ReachStep> steps_between(const SetRef& child, const SetRef& parent) {
  std::vector<ReachStep> steps;
  for (const auto& link : child.set->links) {
    if (link.to != parent.set->name) continue;
    if (link.relation.value_or(child.set->relation) == Relation::mentions) continue;
    steps.push_back({child, &link, parent});
  }
  return steps;
}

std::vector<SetRef> dating_sets(const DataMap& map, const SetRef& set) {
  std::vector<SetRef> dating;
  std::vector<SetRef> above{set};
  for (std::size_t i = 0; i < above.size(); ++i) {
    const auto& clock = above[i].set->clock;
    if (!clock) continue;
    if (clock->expression) {
      dating.push_back(above[i]);
      continue;
    }
    for (const auto& name : clock->parents) {
      const auto same = [&](const SetRef& known) { return known.set->name == name; };
      if (std::none_of(above.begin(), above.end(), same)) above.push_back(find_set(map, name));
    }
  }
  return dating;
}

std::vector<SetRef> dependants(const DataMap& map, const SetRef& parent) {
  std::vector<SetRef> children;
  for (const auto& child : record_sets(map)) {
    if (goes_with(child, parent)) children.push_back(child);
  }
  return children;
}

namespace {

void add_chains(const DataMap& map, const SetRef& parent, const std::vector<ReachStep>& chain,
                std::map<std::string, std::vector<std::vector<ReachStep>>>& chains) {
  for (const auto& child : dependants(map, parent)) {
    const bool known = std::any_of(chain.begin(), chain.end(), [&](const ReachStep& step) {
      return step.from.set->name == child.set->name || step.to.set->name == child.set->name;
    });
    if (known) continue;
    for (const auto& step : steps_between(child, parent)) {
      std::vector<ReachStep> longer{step};
      longer.insert(longer.end(), chain.begin(), chain.end());
      chains[child.set->name].push_back(longer);
      add_chains(map, child, longer, chains);
    }
  }
}

}  // namespace

std::map<std::string, std::vector<std::vector<ReachStep>>> dependant_chains(const DataMap& map,
                                                                            const SetRef& parent) {
  std::map<std::string, std::vector<std::vector<ReachStep>>> chains;
  add_chains(map, parent, {}, chains);
  return chains;
}

std::vector<Referrer> referrers(const DataMap& map, const Catalogue& catalogue, const SetRef& set) {
  std::vector<Referrer> found;
  for (const auto& [name, table] : catalogue.tables) {
    if (table.partition_of) continue;  // its keys are clones of its parent's
    const auto* mapped = find_table(map, name);
    for (const auto& key : table.foreign_keys) {
      if (key.target != set.table->name) continue;
      Referrer referrer{&table, &key, Referrer::Fate::blocks, nullptr};
      if (key.on_delete == 'n' || key.on_delete == 'd') referrer.fate = Referrer::Fate::database;
      const auto may_be_null = [&](const RecordSet& own) {
        const auto& columns = own.erase.nullify_first;
        return std::find(columns.begin(), columns.end(), key.columns.front()) != columns.end();
      };
      if (mapped != nullptr && key.columns.size() == 1 &&
          std::any_of(mapped->sets.begin(), mapped->sets.end(), may_be_null))
        referrer.fate = Referrer::Fate::nullified;
      for (const auto& repoint : set.set->erase.repoint_references) {
        if (repoint.reference.table != name || key.columns.size() != 1) continue;
        if (repoint.reference.match.front().near != key.columns.front()) continue;
        referrer.fate = Referrer::Fate::repointed;
        referrer.to = &repoint.to;
      }
      found.push_back(referrer);
    }
  }
  return found;
}

DataMap with_tenant_owned_sets(const DataMap& map) {
  auto extended = map;
  for (auto& table : extended.tables) {
    if (!table.not_personal || table.tenant.empty() || !table.sets.empty()) continue;
    RecordSet rows;
    rows.name = table.name.name;
    while (find_set(extended, rows.name).set != nullptr) rows.name += "_rows";
    rows.subject = about_nobody;
    rows.where = table.where;
    table.sets.push_back(std::move(rows));
  }
  return extended;
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
                           ? "NOT " + is_masked(world_.catalogue, pass.set, alias)
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
                     return has_key_of(world_.catalogue, end, end_alias, pass.keys, statement_);
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

/// A row of `parent`'s table, `alias`, on which a row hangs by the step that meets `further`.
std::string SweepConditions::hanging(
    const ReachStep& step, const SetRef& parent, const std::string& alias,
    const std::function<std::string(const std::string&)>& further) {
  // A link to the parent's own key cannot lead to another tenant's row.
  const auto& target = live_table(world_.catalogue, parent.table->name);
  const auto tenant = covers(target.primary_key, step.link->match)
                          ? std::optional<std::string>(std::string())
                          : std::nullopt;
  WayWriter writer(world_.map, world_.catalogue, tenant, fresh() + "_", statement_, {});
  const RowInSight row{parent.table, alias};
  return writer.hangs_on(step, row, row, [&](const RowInSight& child, const RowInSight&) {
    return further(child.alias);
  });
}

std::string SweepConditions::no_children(const SetRef& set, const std::string& alias) {
  if (!set.set->clock) return "true";
  Parts parts;
  for (const auto& name : set.set->clock->childless) {
    const auto child = find_set(world_.map, name);
    for (const auto& step : steps_between(child, set)) {
      parts.push_back("NOT " + hanging(step, set, alias, [&](const std::string& child_alias) {
                        return remains(*child.table, child_alias);
                      }));
    }
  }
  return all_of(parts);
}

/// Whether a row that is there now will still be there when those that are due have gone.
std::string SweepConditions::remains(const Table& table, const std::string& alias) {
  if (!predict_) return "true";
  Parts gone;
  for (const auto& set : table.sets) gone.push_back(will_go({&table, &set}, alias));
  const auto condition = any_of(gone);
  return can(condition) ? condition + " IS NOT TRUE" : "true";
}

/// Whether the row is one of the set's and is due, by itself or with a row that it hangs on. What
/// refers to it is not looked at: rather too many are predicted to go than too few.
std::string SweepConditions::will_go(const SetRef& set, const std::string& alias) {
  const auto& name = set.set->name;
  if (std::find(open_.begin(), open_.end(), name) != open_.end()) return never;
  open_.push_back(name);
  Parts gone;
  const auto unless = [](const std::string& due, const std::string& stays) {
    return "(" + due + (can(stays) ? " AND " + stays + " IS NOT TRUE)" : ")");
  };
  const auto goes = [&](const SweepPass& pass) {
    gone.push_back(unless(due(pass, alias),
                          any_of({held(set, alias), kept_by_law(set, alias, pass.tenants)})));
  };
  for (const auto by : {DueBy::whole, DueBy::clock}) {
    SweepPass pass{.set = set, .by = by, .action = SweepAction::remove};
    for (const auto& one : world_.schedule) {
      if (one.set.set->name != name || one.kept_always != nullptr) continue;
      const auto& cut = by == DueBy::whole ? one.whole : one.by_clock;
      if (cut && cut->action == SweepAction::remove) pass.tenants.push_back(&one);
    }
    if (!pass.tenants.empty()) goes(pass);
  }
  if (const auto orphans = orphan_pass(set, world_.schedule)) goes(*orphans);
  for (const auto* pass : by_keys_of(set)) goes(*pass);
  for (const auto& parent_name : set.set->clock ? set.set->clock->parents : Parts{}) {
    const auto parent = find_set(world_.map, parent_name);
    if (parent.set == nullptr || !goes_with(set, parent) || !may_go_sooner(parent, set)) continue;
    for (const auto& step : steps_between(set, parent)) {
      bool possible = true;
      WayWriter writer(world_.map, world_.catalogue, std::nullopt, fresh() + "_", statement_,
                       [&](const SetRef& end, const std::string& end_alias) {
                         auto condition = will_go(end, end_alias);
                         possible = can(condition);
                         return condition;
                       });
      const RowInSight row{set.table, alias};
      const auto relation = step.link->relation.value_or(set.set->relation);
      const auto way = writer.way({parent, {step}, relation}, row, row);
      if (possible)
        gone.push_back(unless(all_of({is_of(set, alias), way}),
                              any_of({held(set, alias), kept_by_law(set, alias, {})})));
    }
  }
  open_.pop_back();
  return any_of(gone);
}

/// What deletes rows of the set by keys, as far as it is of a tenant that is looked at.
std::vector<const SweepPass*> SweepConditions::by_keys_of(const SetRef& set) const {
  std::vector<const SweepPass*> found;
  if (by_keys_ == nullptr) return found;
  for (const auto& pass : *by_keys_) {
    if (pass.set.set->name != set.set->name || pass.action != SweepAction::remove) continue;
    const auto same = [&](const SetSchedule* one) {
      return one->tenant == pass.tenants.front()->tenant;
    };
    if (tenants_.empty() || std::any_of(tenants_.begin(), tenants_.end(), same))
      found.push_back(&pass);
  }
  return found;
}

/// Whether rows of the parent may go before those of the child would by their own rules.
bool SweepConditions::may_go_sooner(const SetRef& parent, const SetRef& child) const {
  if (!by_keys_of(parent).empty() && by_keys_of(child).empty()) return true;
  for (const auto& one : world_.schedule) {
    if (one.set.set->name != parent.set->name || !one.may_be_due()) continue;
    const auto own =
        std::find_if(world_.schedule.begin(), world_.schedule.end(), [&](const SetSchedule& other) {
          return other.set.set->name == child.set->name && other.tenant == one.tenant;
        });
    const bool none = own == world_.schedule.end() || own->kept_always != nullptr;
    if (one.whole && one.whole->action == SweepAction::remove && (none || !own->whole)) return true;
    if (!one.by_clock || one.by_clock->action != SweepAction::remove) continue;
    if (none || !own->by_clock || own->by_clock->action != SweepAction::remove ||
        own->by_clock->cut_off < one.by_clock->cut_off)
      return true;
  }
  return false;
}

std::string SweepConditions::held(const SetRef& set, const std::string& alias) {
  const auto condition =
      held_condition(world_.map, world_.catalogue, world_.held, set, alias, statement_);
  return condition.empty() ? never : condition;
}

std::string SweepConditions::not_held_key(const SweepPass& pass, const std::string& alias) {
  if (pass.held_keys->empty()) return {};
  const auto& table = live_table(world_.catalogue, pass.set.table->name);
  const auto key = row_key(*pass.set.table, table).front();
  return " AND " + qualify(alias, key) + " <> ALL (" +
         statement_.bind(array_value(*pass.held_keys),
                         live_column(world_.catalogue, table.name, key).type + "[]") +
         ")";
}

std::string SweepConditions::kept_by_law(const SetRef& set, const std::string& alias,
                                         const Schedules& tenants) {
  Parts parts;
  if (set.set->legal_ground) parts.push_back(bound(*set.set->legal_ground, alias) + " IS NOT NULL");
  // A ground that keeps a row keeps what goes with it.
  for (const auto& name : set.set->clock ? set.set->clock->parents : Parts{}) {
    const auto parent = find_set(world_.map, name);
    if (parent.set == nullptr || !parent.set->legal_ground) continue;
    for (const auto& step : steps_between(set, parent)) {
      WayWriter writer(world_.map, world_.catalogue, std::nullopt, fresh() + "_", statement_,
                       [&](const SetRef& end, const std::string& end_alias) {
                         return bound(*end.set->legal_ground, end_alias) + " IS NOT NULL";
                       });
      const RowInSight row{set.table, alias};
      parts.push_back(
          writer.way({parent, {step}, step.link->relation.value_or(set.set->relation)}, row, row));
    }
  }
  Schedules always;
  Schedules until;
  for (const auto* tenant : tenants) {
    if (tenant->kept_always != nullptr) {
      always.push_back(tenant);
    } else if (tenant->kept_by_law) {
      until.push_back(tenant);
    }
  }
  if (!always.empty()) parts.push_back("(" + in_tenants(set, alias, always) + ")");
  const auto groups = by_cut_off(
      until, [](const SetSchedule& s) -> const CutOff& { return s.kept_by_law->cut_off; });
  for (const auto& group : groups) {
    const auto& first = *group.front();
    const auto passed =
        set.set->clock ? clock_before(set, alias, first.kept_by_law->cut_off, first.tenant->zone)
                       : never;
    parts.push_back("(" + in_tenants(set, alias, group) + " AND (" + passed + ") IS NOT TRUE)");
  }
  return any_of(parts);
}

/// The schedules of `set` for the tenants of another set's schedules.
Schedules SweepConditions::same_tenants(const SetRef& set, const Schedules& of_parent) {
  Schedules found;
  for (const auto& one : world_.schedule) {
    if (one.set.set->name != set.set->name) continue;
    const auto same = [&](const SetSchedule* parent) { return parent->tenant == one.tenant; };
    if (std::any_of(of_parent.begin(), of_parent.end(), same)) found.push_back(&one);
  }
  return found;
}

std::string SweepConditions::protection(const SetRef& set, const std::string& alias,
                                        const Schedules& of_parent) {
  return any_of({held(set, alias), kept_by_law(set, alias, same_tenants(set, of_parent))});
}

std::string SweepConditions::keeps_protected(const SweepPass& pass, const std::string& alias) {
  Parts parts;
  for (const auto& child : dependants(world_.map, pass.set)) {
    for (const auto& step : steps_between(child, pass.set)) {
      bool possible = true;
      auto condition = hanging(step, pass.set, alias, [&](const std::string& child_alias) {
        auto kept = protection(child, child_alias, pass.tenants);
        possible = can(kept);
        return kept;
      });
      if (possible) parts.push_back(std::move(condition));
    }
  }
  for (const auto& referrer : referrers(world_.map, world_.catalogue, pass.set)) {
    const auto* mapped = find_table(world_.map, referrer.table->name);
    if (referrer.fate != Referrer::Fate::blocks || mapped == nullptr) continue;
    for (const auto& set : mapped->sets) {
      const SetRef child{mapped, &set};
      if (goes_with(child, pass.set)) continue;
      const auto row = fresh();
      Parts match;
      for (std::size_t i = 0; i < referrer.key->columns.size(); ++i)
        match.push_back(qualify(row, referrer.key->columns[i]) + " = " +
                        qualify(alias, referrer.key->target_columns[i]).text());
      match.push_back(is_of(child, row));
      const auto kept = protection(child, row, pass.tenants);
      if (!can(kept)) continue;
      match.push_back(kept);
      parts.push_back("EXISTS (SELECT 1 FROM " + quote(mapped->name) + " AS " + quote(row).text() +
                      " WHERE " + all_of(match) + ")");
    }
  }
  return any_of(parts);
}

std::string SweepConditions::blocked(const SweepPass& pass, const std::string& alias) {
  Parts parts;
  for (const auto& referrer : referrers(world_.map, world_.catalogue, pass.set)) {
    if (referrer.fate != Referrer::Fate::blocks) continue;
    const auto row = fresh();
    Parts match;
    for (std::size_t i = 0; i < referrer.key->columns.size(); ++i)
      match.push_back(qualify(row, referrer.key->columns[i]) + " = " +
                      qualify(alias, referrer.key->target_columns[i]).text());
    if (const auto* mapped = find_table(world_.map, referrer.table->name); mapped != nullptr) {
      Parts along;  // rows that go with this one
      for (const auto& set : mapped->sets) {
        const SetRef child{mapped, &set};
        if (goes_with(child, pass.set)) along.push_back("(" + is_of(child, row) + ")");
      }
      if (const auto go = any_of(along); can(go)) {
        if (go == "(true)") continue;
        match.push_back(go + " IS NOT TRUE");
      }
      match.push_back(remains(*mapped, row));
    }
    parts.push_back("EXISTS (SELECT 1 FROM " + quote(referrer.table->name) + " AS " +
                    quote(row).text() + " WHERE " + all_of(match) + ")");
  }
  return any_of(parts);
}

}  // namespace dsar
