#include "core/sweep_counts.hpp"

#include <algorithm>

#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

constexpr const char* row = "t0";
constexpr const char* never = "false";

/// In which a clock without a zone is read to be told.
Zone zone_of(const SweepWorld& world, const SweepPass& pass) {
  return pass.tenants.empty() ? Zone::named(world.map.zone) : pass.tenants.front()->tenant->zone;
}

std::string grouped_count(const SweepWorld& world, const SetRef& set, const std::string& where) {
  return "SELECT " + tenant_of(world, set) + ", count(*) " + from_table(set) + " WHERE " + where +
         " GROUP BY 1";
}

const Scope everything = [](const std::string&, SqlStatement&) { return std::string(); };

/// A row of the pass that goes with all that hangs on it: nothing of that is kept either.
std::string goes_whole(SweepConditions& conditions, const SweepPass& pass, const std::string& alias,
                       SqlStatement& statement) {
  const auto going = rows_going(conditions, pass, everything, alias, statement);
  return going + and_not(conditions.keeps_protected(pass, alias));
}

bool of_one_tenant(const SweepPass& a, const SweepPass& b) {
  return std::any_of(a.tenants.begin(), a.tenants.end(), [&](const SetSchedule* one) {
    return std::any_of(b.tenants.begin(), b.tenants.end(),
                       [&](const SetSchedule* other) { return one->tenant == other->tenant; });
  });
}

/// ` AND` that the row, one of `set`, is not counted with an earlier pass, by itself or because of
/// what it hangs on; empty where it cannot be. What keeps it there keeps it here as well.
std::string not_earlier(SweepConditions& conditions, const SweepWorld& world, const SweepPass& pass,
                        const SetRef& set, SweepAction action, const OtherPasses& others,
                        SqlStatement& statement) {
  std::string text;
  for (const auto* other : others.earlier) {
    if (!of_one_tenant(*other, pass)) continue;
    const bool leaves_nothing = other->action == SweepAction::remove ||
                                (action == SweepAction::mask && other->masks == MaskScope::all);
    if (other->set.set->name == set.set->name) {
      if (leaves_nothing) text += and_not(conditions.due(*other, row));
      continue;
    }
    if (other->by != DueBy::keys || other->action != SweepAction::remove) continue;
    for (const auto& [name, chains] : dependant_chains(world.map, other->set)) {
      if (name != set.set->name) continue;
      for (const auto& chain : chains)
        text += and_not(
            hangs_on(conditions, chain, 0, row, other->tenants, [&](const std::string& alias) {
              return goes_whole(conditions, *other, alias, statement);
            }));
    }
  }
  return text;
}

}  // namespace

SqlStatement count_statement(const SweepWorld& world, const SweepPass& pass,
                             const OtherPasses& others) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, true, others.by_keys);
  const bool has_clock = pass.set.set->clock && pass.set.set->clock->expression;
  const auto not_yet =
      not_earlier(conditions, world, pass, pass.set, pass.action, others, statement);
  const auto due = conditions.due(pass, row) + not_yet;
  const auto held = conditions.held(pass.set, row);
  const auto law = by_law(conditions, pass, row);
  const bool removes = pass.action == SweepAction::remove;
  const auto kept = removes ? conditions.keeps_protected(pass, row) : std::string(never);
  const auto blocked = removes ? conditions.blocked(pass, row) : std::string(never);
  const auto value = [](const std::string& condition) {
    return condition == never ? condition : "(" + condition + ") IS TRUE";
  };
  // What hangs on a row keeps it by a hold only where there is any.
  const auto& holds = world.held;
  const bool none = holds.subjects.empty() && holds.sets.empty() && holds.tenants.empty();
  const char* const by_hold = none ? "r.held" : "r.held OR (r.kept AND NOT r.law)";
  // OFFSET 0 keeps the conditions from being computed once for every count.
  const bool plain = held == never && law == never && kept == never && blocked == never;
  const auto counts = plain
                          ? std::string("count(*), 0, 0, 0, ")
                          : "count(*) FILTER (WHERE NOT (r.held OR r.law OR r.kept OR r.blocked)), "
                            "count(*) FILTER (WHERE " +
                                std::string(by_hold) +
                                "), count(*) FILTER (WHERE (r.law OR r.kept) AND NOT (" + by_hold +
                                ")), count(*) FILTER (WHERE r.blocked AND NOT (r.held OR r.law OR "
                                "r.kept)), ";
  statement.text =
      "SELECT r.tenant, " + counts +
      (has_clock ? clock_text("min(r.clock)", world.clock_types.at(pass.set.set->name),
                              *pass.set.set->clock, zone_of(world, pass))
                 : "NULL::text") +
      " FROM (SELECT " + tenant_of(world, pass.set) + " AS tenant, " + value(held) + " AS held, " +
      value(law) + " AS law, " + value(kept) + " AS kept, " + value(blocked) + " AS blocked, " +
      (has_clock ? SweepConditions::clock_sql(pass.set, row) : "NULL::text") + " AS clock " +
      from_table(pass.set) + " WHERE " + due + (plain ? "" : " OFFSET 0") + ") AS r GROUP BY 1";
  return statement;
}

SqlStatement count_dependants(const SweepWorld& world, const SweepPass& pass,
                              const std::vector<std::vector<ReachStep>>& chains,
                              const std::vector<const SweepPass*>& own, const OtherPasses& others) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, true, others.by_keys);
  const auto& child = chains.front().front().from;
  const auto not_yet =
      not_earlier(conditions, world, pass, child, SweepAction::remove, others, statement);
  Parts ways;
  for (const auto& chain : chains)
    ways.push_back("(" +
                   hangs_on(conditions, chain, 0, row, pass.tenants,
                            [&](const std::string& alias) {
                              return pass.by == DueBy::keys
                                         ? goes_whole(conditions, pass, alias, statement)
                                         : rows_going(conditions, pass, everything, alias,
                                                      statement);
                            }) +
                   ")");
  auto where = "(" + join(ways, " OR ") + ")";
  for (const auto* other : own) where += and_not(conditions.due(*other, row));
  statement.text = grouped_count(world, child, where + not_yet);
  return statement;
}

bool go_by_their_own(const SweepPass& pass, const std::vector<std::vector<ReachStep>>& chains,
                     const std::vector<const SweepPass*>& own, const OtherPasses& others) {
  const auto& child = chains.front().front().from;
  if (pass.by == DueBy::keys) {
    if (others.by_keys == nullptr) return false;
    return std::any_of(others.by_keys->begin(), others.by_keys->end(), [&](const SweepPass& other) {
      return other.set.set->name == child.set->name && other.action == SweepAction::remove &&
             other.rule == pass.rule && other.source.set == pass.source.set && !other.floor &&
             other.tenants.front()->tenant == pass.tenants.front()->tenant;
    });
  }
  // By the clock they must have the very date of the pass's rows.
  for (const auto& chain : chains) {
    for (const auto& step : chain) {
      if (pass.by == DueBy::clock && step.from.set->clock->expression) return false;
    }
  }
  return std::all_of(pass.tenants.begin(), pass.tenants.end(), [&](const SetSchedule* one) {
    return std::any_of(own.begin(), own.end(), [&](const SweepPass* other) {
      return other->by == pass.by && other->action == SweepAction::remove &&
             std::any_of(other->tenants.begin(), other->tenants.end(), [&](const SetSchedule* its) {
               return its->tenant == one->tenant && its->kept_always == nullptr &&
                      (pass.by == DueBy::whole ||
                       !(its->by_clock->cut_off < one->by_clock->cut_off));
             });
    });
  });
}

SqlStatement dateless_statement(const SweepWorld& world,
                                const std::vector<const SetSchedule*>& tenants, Instant now) {
  const auto& set = tenants.front()->set;
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  const auto clock = SweepConditions::clock_sql(set, row);
  const Zone& zone = tenants.front()->tenant->zone;
  const CutOff tomorrow{now + Instant::duration{1}, zone.date_of(now) + std::chrono::days{1}};
  const auto of_tenants =
      (set.set->predicate ? "(" + bind_aliases(set.set->predicate->text, {{"this", row}}) + ") AND "
                          : std::string()) +
      conditions.in_tenants(set, row, tenants) + " AND ";
  // Two questions, each of which an index on the clock can answer.
  const auto tenant = tenant_of(world, set);
  statement.text = "SELECT " + tenant + ", count(*), 0 " + from_table(set) + " WHERE " +
                   of_tenants + clock + " IS NULL GROUP BY 1 UNION ALL SELECT " + tenant +
                   ", 0, count(*) " + from_table(set) + " WHERE " + of_tenants +
                   conditions.clock_from(set, row, tomorrow, zone) + " GROUP BY 1";
  return statement;
}

SqlStatement floored_statement(const SweepWorld& world,
                               const std::vector<const SetSchedule*>& tenants) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  Parts parts;
  const auto& set = tenants.front()->set;
  for (const auto* tenant : tenants) {
    const auto& zone = tenant->tenant->zone;
    parts.push_back("(" + conditions.in_tenants(set, row, {tenant}) + " AND " +
                    conditions.clock_before(set, row, tenant->delayed->cut_off, zone) + " AND (" +
                    conditions.clock_before(set, row, tenant->floor->cut_off, zone) +
                    ") IS NOT TRUE)");
  }
  const auto predicate =
      set.set->predicate ? "(" + bind_aliases(set.set->predicate->text, {{"this", row}}) + ") AND "
                         : std::string();
  statement.text = grouped_count(world, set, predicate + "(" + join(parts, " OR ") + ")");
  return statement;
}

SqlStatement crossing_statement(const SweepWorld& world, const SweepPass& pass) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  Parts parts;
  for (const auto* tenant : pass.tenants) {
    if (!tenant->crossing || !tenant->floor || !pass.set.set->clock) continue;
    parts.push_back(
        "(" + conditions.in_tenants(pass.set, row, {tenant}) + " AND (" +
        conditions.clock_before(pass.set, row, tenant->floor->cut_off, tenant->tenant->zone) +
        ") IS NOT TRUE)");
  }
  statement.text = grouped_count(
      world, pass.set,
      parts.empty() ? std::string(never)
                    : conditions.due(pass, row) + " AND (" + join(parts, " OR ") + ")");
  return statement;
}

}  // namespace dsar
