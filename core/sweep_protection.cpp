#include <algorithm>

#include "core/condition_parts.hpp"
#include "core/sweep_conditions.hpp"

namespace dsar {

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
        gone.push_back(unless(
            all_of({is_of(set, alias), way}),
            any_of({held(set, alias), kept_by_law(set, alias, same_tenants(set, tenants_))})));
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
