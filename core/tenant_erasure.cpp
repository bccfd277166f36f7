#include "core/tenant_erasure.hpp"

#include <algorithm>
#include <functional>

#include "core/condition_parts.hpp"
#include "core/erasure_sql.hpp"
#include "core/error.hpp"
#include "core/map/own_schema.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

constexpr const char* row = "t0";

/// A row that `further` is true of needs the row of a shared set.
std::string needed(
    const SweepPass& pass, const DataMap& map,
    const std::function<std::string(const Table& table, const std::string& alias)>& further) {
  constexpr const char* other = "needing";
  Parts ways;
  for (const auto& reference : pass.set.set->erase.unless_referenced_by) {
    const auto* table = find_table(map, reference.table);
    const auto condition = table == nullptr ? std::string(never) : further(*table, other);
    if (!can(condition)) continue;
    Parts where{condition};
    for (const auto& pair : reference.match)
      where.push_back(qualify(other, pair.near) + " = " + qualify(row, pair.far).text());
    ways.push_back("EXISTS (SELECT 1 FROM " + quote(reference.table) + " AS " +
                   quote(other).text() + " WHERE " + all_of(where) + ")");
  }
  return any_of(ways);
}

/// A row of the tenant needs it.
std::string needed_by_tenant(const SweepWorld& world, const SweepPass& pass,
                             SqlStatement& statement) {
  return needed(pass, world.map, [&](const Table& table, const std::string& alias) {
    if (!has_tenant(world.map, table)) return std::string(never);
    return tenant_condition(world.map, world.catalogue, table, alias,
                            pass.tenants.front()->tenant->key, statement);
  });
}

/// A row that does not go with the tenant needs it.
std::string needed_by_others(const SweepWorld& world, const SweepPass& pass,
                             SweepConditions& conditions, SqlStatement& statement) {
  return needed(pass, world.map, [&](const Table& table, const std::string& alias) {
    if (!has_tenant(world.map, table)) return std::string("true");
    Parts stays{"(" +
                tenant_condition(world.map, world.catalogue, table, alias,
                                 pass.tenants.front()->tenant->key, statement) +
                ") IS NOT TRUE"};
    for (const auto& set : table.sets) {
      const SetRef other{&table, &set};
      const auto is_of = set.predicate ? bound(*set.predicate, alias) : std::string("true");
      const auto kept = any_of(
          {conditions.held(other, alias),
           conditions.kept_by_law(other, alias, conditions.same_tenants(other, pass.tenants))});
      if (can(kept)) stays.push_back("(" + is_of + " AND " + kept + ")");
    }
    return any_of(stays);
  });
}

bool is_of_tenants(const DataMap& map, const SetRef& set) {
  return set.table->name == map.tenants->table;
}

}  // namespace

TenantErasure::TenantErasure(const DataMap& map, const std::vector<SetSchedule>& schedule,
                             const SweepTenant& tenant, Instant now)
    : map_(map), tenant_(tenant) {
  rule_.id = "whole-tenant";
  rule_.period = Period::at_once();
  rule_.action = RuleAction::delete_row;
  going_ = {&rule_, rule_.period, false, {}};
  kept_ = going_;
  const CutOff cut_off{now, tenant.zone.date_of(now)};
  for (const auto& one : schedule) {
    if (one.tenant != &tenant) continue;
    original_.push_back(one);
    if (is_own(one.set.table->name)) continue;
    SetSchedule whole;
    whole.set = one.set;
    whole.tenant = one.tenant;
    whole.kept_always = one.kept_always;
    whole.kept_by_law = one.kept_by_law;
    whole.whole = DueCut{&going_, SweepAction::remove, cut_off};
    const auto& erase = one.set.set->erase;
    if (erase.action == EraseAction::keep) {
      whole.kept_always = &kept_;
      if (erase.mask_kept) {
        auto& masked = masked_.emplace_back();
        masked.set = one.set;
        masked.tenant = one.tenant;
        masked.whole = DueCut{&going_, SweepAction::mask, cut_off};
      }
    }
    schedule_.push_back(std::move(whole));
  }
  for (const auto& set : record_sets(map)) {
    const bool global = !has_tenant(map, *set.table) && !is_own(set.table->name);
    if (!global || set.set->erase.unless_referenced_by.empty()) continue;
    if (set.set->erase.action != EraseAction::remove) continue;
    auto& one = shared_.emplace_back();
    one.set = set;
    one.tenant = &tenant;
    one.whole = DueCut{&going_, SweepAction::remove, cut_off};
  }
  for (const auto& one : shared_) {
    SweepPass pass{.set = one.set, .by = DueBy::whole};
    pass.tenants = {&one};
    pass.rule = &going_;
    shared_passes_.push_back(std::move(pass));
  }
}

std::vector<SweepPass> TenantErasure::whole(const Catalogue& catalogue, bool of_tenants) const {
  auto passes = plan_passes(map_, catalogue, schedule_);
  std::erase_if(passes, [&](const SweepPass& pass) {
    return pass.by != DueBy::whole || is_of_tenants(map_, pass.set) != of_tenants;
  });
  return passes;
}

std::vector<SweepPass> TenantErasure::deletions(const Catalogue& catalogue) const {
  return whole(catalogue, false);
}

std::vector<SweepPass> TenantErasure::own_row(const Catalogue& catalogue) const {
  return whole(catalogue, true);
}

std::vector<SweepPass> TenantErasure::masks() const {
  std::vector<SweepPass> passes;
  for (const auto& one : masked_) {
    SweepPass pass{.set = one.set, .by = DueBy::whole, .action = SweepAction::mask};
    pass.masks = mask_scope(one.set);
    pass.tenants = {&one};
    passes.push_back(std::move(pass));
  }
  return passes;
}

std::vector<SetSchedule> TenantErasure::own_records() const {
  std::vector<SetSchedule> own;
  for (const auto& one : original_) {
    if (is_own(one.set.table->name)) own.push_back(one);
  }
  return own;
}

const SetSchedule* TenantErasure::schedule_of(const SetRef& set) const {
  const auto found = std::find_if(original_.begin(), original_.end(), [&](const SetSchedule& one) {
    return one.set.set->name == set.set->name;
  });
  return found == original_.end() ? nullptr : &*found;
}

Ground TenantErasure::law_of(const SetRef& set) const {
  const auto& erase = set.set->erase;
  if (erase.action == EraseAction::keep) return {Cause::law, erase.ground, erase.citation, {}};
  const auto* one = schedule_of(set);
  const auto* rule = one == nullptr     ? nullptr
                     : one->kept_always ? one->kept_always
                     : one->kept_by_law ? one->kept_by_law->rule
                                        : nullptr;
  if (rule != nullptr)
    return {Cause::law, "rule " + rule->rule->id, to_text(rule->rule->citation), {}};
  return {Cause::law, "recorded in the row or the one it belongs to", "", {}};
}

const EffectiveRule* TenantErasure::end_of_law(const SetRef& set) const {
  const auto* one = schedule_of(set);
  if (one == nullptr || one->kept_always != nullptr) return nullptr;
  return one->kept_by_law ? one->kept_by_law->rule : one->by_clock ? one->by_clock->rule : nullptr;
}

SqlStatement tenant_count_statement(const SweepWorld& world, const SweepPass& pass,
                                    const std::vector<Held>& holders, bool predict) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, predict);
  const auto& set = pass.set;
  const auto due = conditions.due(pass, row);
  const auto word = [](TenantFate fate) { return string_literal(to_string(fate)); };
  Parts cases;
  const auto add = [&](const std::string& condition, const std::string& result) {
    if (can(condition)) cases.push_back("WHEN (" + condition + ") THEN " + result);
  };
  for (std::size_t i = 0; i < holders.size(); ++i) {
    const SweepWorld one{world.map, world.catalogue, holders[i], world.clock_types, world.schedule};
    add(SweepConditions(one, statement, predict).held(set, row),
        string_literal(std::string(to_string(TenantFate::held)) + " " + std::to_string(i)));
  }
  add(conditions.held(set, row), word(TenantFate::held));
  add(conditions.kept_by_law(set, row, pass.tenants), word(TenantFate::by_law));
  const bool global = !has_tenant(world.map, *set.table);
  if (global) {
    add(predict ? needed_by_others(world, pass, conditions, statement)
                : "(" + due + ") IS NOT TRUE",
        word(TenantFate::shared));
    if (predict) add("true", word(TenantFate::goes));
  }
  add(any_of({conditions.keeps_protected(pass, row), conditions.blocked(pass, row)}),
      word(TenantFate::referenced));
  add(due, word(TenantFate::goes));
  const bool has_clock =
      set.set->clock && set.set->clock->expression && world.clock_types.count(set.set->name) > 0;
  Parts inner{"CASE " + join(cases, " ") + " ELSE " + word(TenantFate::shared) + " END AS fate",
              (has_clock ? SweepConditions::clock_sql(set, row) : "NULL::text") + " AS clock"};
  Parts outer{"r.fate", "count(*)",
              has_clock ? clock_text("max(r.clock)", world.clock_types.at(set.set->name),
                                     *set.set->clock, pass.tenants.front()->tenant->zone)
                        : "NULL::text"};
  for (std::size_t i = 0; i < set.set->objects.size(); ++i) {
    const auto name = "object" + std::to_string(i);
    inner.push_back(bound(set.set->objects[i].key, row) + " AS " + name);
    outer.push_back("count(r." + name + ")");
  }
  Parts where{pass.by == DueBy::keys ? has_key_of(world.catalogue, set, row, *pass.keys, statement)
              : global               ? needed_by_tenant(world, pass, statement)
                                     : conditions.in_tenants(set, row, pass.tenants)};
  if (set.set->predicate) where.push_back(bound(*set.set->predicate, row));
  // OFFSET 0 keeps the conditions from being computed once for every column.
  statement.text = "SELECT " + join(outer, ", ") + " FROM (SELECT " + join(inner, ", ") + " " +
                   from_table(set) + " WHERE " + all_of(where) + " OFFSET 0) AS r GROUP BY 1";
  return statement;
}

SqlStatement note_shared_statement(const SweepWorld& world, const SweepPass& pass,
                                   const std::string& erasure) {
  SqlStatement statement;
  const auto& set = pass.set;
  Parts columns;
  for (const auto& name : row_key(*set.table, live_table(world.catalogue, set.table->name)))
    columns.push_back(qualify(row, name) + "::text");
  if (columns.empty())
    throw Error(ExitCode::usage, set.table->name.text() + " is shared but has no key",
                "Name the columns that identify a row as its key in the map.");
  const auto key = "array[" + join(columns, ", ") + "]";
  const auto number = statement.bind(erasure, "text");
  const auto name = statement.bind(set.set->name, "text");
  Parts where{needed_by_tenant(world, pass, statement)};
  if (set.set->predicate) where.push_back(bound(*set.set->predicate, row));
  where.push_back(
      "NOT EXISTS (SELECT 1 FROM dsar.erasure_begun_row AS known WHERE known.erasure = " + number +
      " AND known.record_set = " + name + " AND known.row_key = " + key + ")");
  statement.text = "INSERT INTO dsar.erasure_begun_row (erasure, record_set, row_key) SELECT " +
                   number + ", " + name + ", " + key + " " + from_table(set) + " WHERE " +
                   all_of(where);
  return statement;
}

SqlStatement tenant_rows_statement(const SweepWorld& world, const SetSchedule& schedule) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  Parts where{conditions.in_tenants(schedule.set, row, {&schedule})};
  if (schedule.set.set->predicate) where.push_back(bound(*schedule.set.set->predicate, row));
  statement.text = "SELECT count(*) " + from_table(schedule.set) + " WHERE " + all_of(where);
  return statement;
}

}  // namespace dsar
