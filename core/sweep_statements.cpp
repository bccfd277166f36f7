#include "core/sweep_statements.hpp"

#include <algorithm>

#include "core/cascaded_sets.hpp"
#include "core/mask_sql.hpp"
#include "core/rfc3339.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

constexpr const char* row = "t0";
constexpr const char* never = "false";

std::string tenant_of(const SweepWorld& world, const SetRef& set) {
  return tenant_expression(world.map, *set.table, row);
}

/// In which a clock without a zone is read to be told.
Zone zone_of(const SweepWorld& world, const SweepPass& pass) {
  return pass.tenants.empty() ? Zone::named(world.map.zone) : pass.tenants.front()->tenant->zone;
}

/// Whether what a pass deletes has to be counted tenant by tenant.
bool several_tenants(const SweepWorld& world, const SweepPass& pass) {
  return world.map.tenants && pass.tenants.size() != 1;
}

std::string not_true(const std::string& condition) {
  return condition == never ? "" : " AND (" + condition + ") IS NOT TRUE";
}

std::string in_scope(const Scope& scope, const std::string& alias, SqlStatement& statement) {
  const auto condition = scope(alias, statement);
  return condition.empty() ? "" : condition + " AND ";
}

/// A recorded ground or a floor by law keeps the row; nothing that is masked because it is kept.
std::string by_law(SweepConditions& conditions, const SweepPass& pass, const std::string& alias) {
  if (pass.masks == MaskScope::on_ground) return never;
  return conditions.kept_by_law(pass.set, alias, pass.tenants);
}

/// The rows that go: due and in scope, kept by nothing that the rows themselves know of.
std::string going(SweepConditions& conditions, const SweepPass& pass, const Scope& scope,
                  const std::string& alias, SqlStatement& statement) {
  return in_scope(scope, alias, statement) + conditions.due(pass, alias) +
         (pass.held_keys ? conditions.not_held_key(pass, alias)
                         : not_true(conditions.held(pass.set, alias))) +
         not_true(by_law(conditions, pass, alias)) +
         (pass.action == SweepAction::remove ? not_true(conditions.blocked(pass, alias)) : "");
}

std::string exists_row(const SetRef& set, const std::string& alias, const std::string& condition) {
  return "EXISTS (SELECT 1 FROM " + quote(set.table->name) + " AS " + quote(alias).text() +
         " WHERE " + condition + ")";
}

/// Wraps a deletion so that it tells how many rows of which tenant, and notes objects outside.
void count_gone(const SweepWorld& world, const SetRef& set, bool by_tenant,
                const ObjectNotes& notes, SweepStep& step) {
  Parts returned{by_tenant ? tenant_of(world, set) + " AS tenant" : "''::text AS tenant"};
  Parts objects;
  for (std::size_t i = 0; i < set.set->objects.size(); ++i) {
    const auto name = "object" + std::to_string(i);
    returned.push_back("(" + bind_aliases(set.set->objects[i].key.text, {{"this", row}}) +
                       ")::text AS " + name);
    objects.push_back("(" + string_literal(set.set->objects[i].store) + ", gone." + name + ")");
  }
  if (!by_tenant && objects.empty()) return;
  auto& text = step.statement.text;
  text = "WITH gone AS (" + text + " RETURNING " + join(returned, ", ") + ")";
  if (!objects.empty()) {
    text += ", noted AS (INSERT INTO " + notes.table + " (" + notes.column +
            ", store, object_key) SELECT " + step.statement.bind(notes.number, notes.type) +
            ", object.store, object.key FROM gone, (VALUES " + join(objects, ", ") +
            ") AS object(store, key) WHERE object.key IS NOT NULL)";
    // A lateral VALUES may name the columns of what stands before it.
    const auto at = text.find("FROM gone, (VALUES");
    text.replace(at, std::string("FROM gone, (VALUES").size(), "FROM gone, LATERAL (VALUES");
  }
  text += " SELECT tenant, count(*) FROM gone GROUP BY 1";
  step.by_tenant = true;
}

/// Locks the set's rows that `condition` gives. A row that refers to one that goes, added between
/// the look for such rows and the delete, would go by the cascade; now it is seen by the next
/// statement, or refused by its own key. Rows of the `cascaded` sets go by the cascade.
void add_lock(const SweepWorld& world, const SetRef& set, const std::vector<SetRef>& cascaded,
              const std::function<std::string(SweepConditions&, SqlStatement&)>& condition,
              std::vector<SweepStep>& steps) {
  if (!cascades_beyond(world, set.table->name, cascaded)) return;
  SweepStep step{SweepStep::Kind::lock, set.set->name, {}, false};
  SweepConditions conditions(world, step.statement, false);
  const auto where = condition(conditions, step.statement);
  step.statement.text = "WITH locked AS MATERIALIZED (SELECT 1 " + from_table(set) + " WHERE " +
                        where + " FOR UPDATE OF " + quote(row).text() +
                        ") SELECT count(*) FROM locked";
  steps.push_back(std::move(step));
}

/// Rows that go with the pass's rows, those that hang on them first.
class DependantSteps {
 public:
  DependantSteps(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                 const std::vector<SetRef>& cascaded, const ObjectNotes& notes,
                 std::vector<SweepStep>& steps)
      : world_(world),
        pass_(pass),
        scope_(scope),
        cascaded_(cascaded),
        notes_(notes),
        steps_(steps) {}

  void run() { below(pass_.set, {}); }

 private:
  void below(const SetRef& parent, const std::vector<ReachStep>& chain) {
    for (const auto& child : dependants(world_.map, parent)) {
      const bool cycle = std::any_of(chain.begin(), chain.end(), [&](const ReachStep& step) {
        return step.from.set->name == child.set->name;
      });
      const bool by_key = std::any_of(cascaded_.begin(), cascaded_.end(), [&](const SetRef& set) {
        return set.set->name == child.set->name;
      });
      if (cycle || by_key || child.set->name == pass_.set.set->name) continue;
      for (const auto& step : steps_between(child, parent)) {
        std::vector<ReachStep> longer{step};
        longer.insert(longer.end(), chain.begin(), chain.end());
        add_lock(
            world_, child, {},
            [&](SweepConditions& conditions, SqlStatement& statement) {
              return conditions_of(conditions, statement, longer);
            },
            steps_);
        below(child, longer);
        add(longer);
      }
    }
  }

  /// Deletes rows of the first step's set that hang, step by step, on rows that go.
  void add(const std::vector<ReachStep>& chain) {
    const auto& set = chain.front().from;
    SweepStep step{SweepStep::Kind::dependants, set.set->name, {}, false};
    SweepConditions conditions(world_, step.statement, false);
    step.statement.text =
        "DELETE " + from_table(set) + " WHERE " + conditions_of(conditions, step.statement, chain);
    count_gone(world_, set, several_tenants(world_, pass_), notes_, step);
    steps_.push_back(std::move(step));
  }

  std::string conditions_of(SweepConditions& conditions, SqlStatement& statement,
                            const std::vector<ReachStep>& chain) {
    return depends(world_, conditions, chain, 0, row, pass_.tenants, [&](const std::string& alias) {
      return going(conditions, pass_, scope_, alias, statement);
    });
  }

 public:
  /// The row hangs by `chain` from `index` on on one that meets `end`, and nothing keeps it.
  static std::string depends(const SweepWorld& world, SweepConditions& conditions,
                             const std::vector<ReachStep>& chain, std::size_t index,
                             const std::string& alias,
                             const std::vector<const SetSchedule*>& tenants,
                             const std::function<std::string(const std::string&)>& end) {
    const auto& step = chain[index];
    const auto parent = alias + "p";
    std::map<std::string, std::string> aliases{{"this", alias}, {"that", parent}};
    Parts parts;
    if (step.from.set->predicate)
      parts.push_back("(" + bind_aliases(step.from.set->predicate->text, {{"this", alias}}) + ")");
    auto before = alias;
    Parts opened;
    int hops = 0;
    std::string closing;
    std::string text;
    for (const auto& hop : step.link->via) {
      const auto next = alias + "h" + std::to_string(++hops);
      aliases[hop.alias] = next;
      Parts match;
      for (const auto& pair : hop.match)
        match.push_back(qualify(next, pair.far) + " = " + qualify(before, pair.near).text());
      if (hop.on) match.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
      text += "EXISTS (SELECT 1 FROM " + quote(hop.table) + " AS " + quote(next).text() +
              " WHERE " + join(match, " AND ") + (match.empty() ? "" : " AND ");
      closing += ")";
      before = next;
    }
    Parts match;
    for (const auto& pair : step.link->match)
      match.push_back(qualify(parent, pair.far) + " = " + qualify(before, pair.near).text());
    if (step.link->on) match.push_back("(" + bind_aliases(step.link->on->text, aliases) + ")");
    match.push_back(index + 1 == chain.size()
                        ? end(parent)
                        : depends(world, conditions, chain, index + 1, parent, tenants, end));
    text += exists_row(step.to, parent, join(match, " AND ")) + closing;
    parts.push_back(text);
    auto condition = join(parts, " AND ");
    condition += not_true(conditions.held(step.from, alias));
    return condition + not_true(conditions.kept_by_law(
                           step.from, alias, conditions.same_tenants(step.from, tenants)));
  }

 private:
  const SweepWorld& world_;
  const SweepPass& pass_;
  const Scope& scope_;
  const std::vector<SetRef>& cascaded_;
  const ObjectNotes& notes_;
  std::vector<SweepStep>& steps_;
};

void add_references(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                    std::vector<SweepStep>& steps) {
  for (const auto& referrer : referrers(world.map, world.catalogue, pass.set)) {
    if (referrer.fate != Referrer::Fate::nullified && referrer.fate != Referrer::Fate::repointed)
      continue;
    SweepStep step{SweepStep::Kind::references, referrer.table->name.text(), {}, false};
    SweepConditions conditions(world, step.statement, false);
    const auto near = qualify(row, referrer.key->columns.front()).text();
    const auto far = qualify("t1", referrer.key->target_columns.front()).text();
    const auto gone = going(conditions, pass, scope, "t1", step.statement);
    auto& text = step.statement.text;
    text = "UPDATE " + quote(referrer.table->name) + (" AS \"" + std::string(row) + "\" SET ") +
           quote(referrer.key->columns.front()) + " = ";
    if (referrer.fate == Referrer::Fate::nullified) {
      text += "NULL WHERE " + exists_row(pass.set, "t1", far + " = " + near + " AND " + gone);
    } else {
      // One row has the key, so the sentinel is that row's.
      text += "(SELECT (" + bind_aliases(referrer.to->text, {{"this", "t1"}}) + ") FROM " +
              quote(pass.set.table->name) + " AS \"t1\" WHERE " + far + " = " + near + ") WHERE " +
              exists_row(pass.set, "t1", far + " = " + near + " AND " + gone);
    }
    steps.push_back(std::move(step));
  }
}

/// What has not been sent to the statistics yet may be of earlier transactions: the difference is
/// what counts.
void add_counters(const std::vector<SetRef>& cascaded, std::vector<SweepStep>& steps) {
  for (const auto& set : cascaded) {
    SweepStep step{SweepStep::Kind::counter, set.set->name, {}, false};
    step.statement.text = "SELECT pg_stat_get_xact_tuples_deleted(" +
                          step.statement.bind(quote(set.table->name).text(), "regclass") + ")";
    steps.push_back(std::move(step));
  }
}

SweepStep rows_step(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                    const ObjectNotes& notes) {
  SweepStep step{SweepStep::Kind::rows, pass.set.set->name, {}, false};
  SweepConditions conditions(world, step.statement, false);
  auto where = going(conditions, pass, scope, row, step.statement);
  if (pass.action == SweepAction::remove) {
    where += not_true(conditions.keeps_protected(pass, row));
    step.statement.text = "DELETE " + from_table(pass.set) + " WHERE " + where;
  } else {
    step.statement.text =
        "UPDATE " + quote(pass.set.table->name) + (" AS \"" + std::string(row) + "\" SET ") +
        mask_assignments(world.catalogue, pass.set, row, {}, pass.masks) + " WHERE " + where;
  }
  if (pass.action == SweepAction::remove) {
    count_gone(world, pass.set, several_tenants(world, pass), notes, step);
  } else if (several_tenants(world, pass)) {
    auto& text = step.statement.text;
    text = "WITH gone AS (" + text + " RETURNING " + tenant_of(world, pass.set) +
           " AS tenant) SELECT tenant, count(*) FROM gone GROUP BY 1";
    step.by_tenant = true;
  }
  return step;
}

std::string grouped_count(const SweepWorld& world, const SetRef& set, const std::string& where) {
  return "SELECT " + tenant_of(world, set) + ", count(*) " + from_table(set) + " WHERE " + where +
         " GROUP BY 1";
}

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

std::string from_table(const SetRef& set) {
  return "FROM " + quote(set.table->name) + (" AS \"" + std::string(row) + "\"");
}

SqlStatement count_statement(const SweepWorld& world, const SweepPass& pass,
                             const std::vector<SweepPass>& by_keys) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, true, &by_keys);
  const bool has_clock = pass.set.set->clock && pass.set.set->clock->expression;
  const auto due = conditions.due(pass, row);
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
                              const std::vector<const SweepPass*>& own,
                              const std::vector<SweepPass>& by_keys) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, true, &by_keys);
  const Scope everything = [](const std::string&, SqlStatement&) { return std::string(); };
  Parts ways;
  for (const auto& chain : chains)
    ways.push_back("(" +
                   DependantSteps::depends(world, conditions, chain, 0, row, pass.tenants,
                                           [&](const std::string& alias) {
                                             return going(conditions, pass, everything, alias,
                                                          statement);
                                           }) +
                   ")");
  auto where = "(" + join(ways, " OR ") + ")";
  for (const auto* other : own) where += not_true(conditions.due(*other, row));
  statement.text = grouped_count(world, chains.front().front().from, where);
  return statement;
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

std::vector<SweepStep> batch_steps(const SweepWorld& world, const SweepPass& pass,
                                   const Scope& scope, const ObjectNotes& notes) {
  std::vector<SweepStep> steps;
  std::vector<SetRef> cascaded;
  if (pass.action == SweepAction::remove) {
    // Where they cannot be counted they are deleted one set at a time.
    if (world.counts_deletes && !several_tenants(world, pass))
      cascaded = cascaded_sets(world, pass);
    add_lock(
        world, pass.set, cascaded,
        [&](SweepConditions& conditions, SqlStatement& statement) {
          return going(conditions, pass, scope, row, statement);
        },
        steps);
    DependantSteps(world, pass, scope, cascaded, notes, steps).run();
    add_references(world, pass, scope, steps);
  }
  add_counters(cascaded, steps);
  steps.push_back(rows_step(world, pass, scope, notes));
  add_counters(cascaded, steps);
  return steps;
}

std::string going_rows(const SweepWorld& world, const SweepPass& pass, const std::string& alias,
                       const std::vector<std::string>& columns, std::size_t limit,
                       SqlStatement& statement) {
  SweepConditions conditions(world, statement, false);
  const Scope everything = [](const std::string&, SqlStatement&) { return std::string(); };
  auto where = going(conditions, pass, everything, alias, statement);
  if (pass.action == SweepAction::remove)
    where += not_true(conditions.keeps_protected(pass, alias));
  Parts select;
  for (const auto& column : columns) select.push_back(qualify(alias, column) + "::text");
  return "SELECT " + join(select, ", ") + " FROM " + quote(pass.set.table->name) + " AS " +
         quote(alias).text() + " WHERE " + where + " LIMIT " + std::to_string(limit);
}

SqlStatement held_keys_statement(const SweepWorld& world, const SweepPass& pass) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  const auto key = row_key(*pass.set.table, live_table(world.catalogue, pass.set.table->name));
  if (key.size() != 1)
    throw Error(ExitCode::refused,
                "rows of the foreign table of " + pass.set.set->name +
                    " may be held, and no key of one column tells which",
                "Name the column that identifies a row as the table's key in the map.");
  const auto due = conditions.due(pass, row);
  statement.text = "SELECT " + qualify(row, key.front()) + "::text " + from_table(pass.set) +
                   " WHERE " + due + " AND " + conditions.held(pass.set, row);
  return statement;
}

SqlStatement hash_input(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                        std::size_t limit) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  Parts select;
  const auto key = row_key(*pass.set.table, live_table(world.catalogue, pass.set.table->name));
  if (key.empty())
    throw Error(ExitCode::usage,
                pass.set.table->name.text() + " has keyed hashes to be written but no key",
                "Name the columns that identify a row as its key in the map.");
  for (const auto& column : key) select.push_back(qualify(row, column) + "::text");
  for (const auto& column : hashed_columns(world.catalogue, pass.set, pass.masks))
    select.push_back(qualify(row, column) + "::text");
  select.push_back(tenant_of(world, pass.set));
  statement.text = "SELECT " + join(select, ", ") + " " + from_table(pass.set) + " WHERE " +
                   going(conditions, pass, scope, row, statement) + " LIMIT " +
                   std::to_string(limit);
  return statement;
}

SweepStep hash_step(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                    const std::vector<std::string>& key,
                    const std::map<std::string, std::optional<std::string>>& hashes) {
  SweepStep step{SweepStep::Kind::rows, pass.set.set->name, {}, false};
  SweepConditions conditions(world, step.statement, false);
  std::map<std::string, std::string> placeholders;
  for (const auto& [column, hash] : hashes) {
    const auto& live = live_column(world.catalogue, pass.set.table->name, column);
    auto text = hash;
    if (text && live.max_length)
      text->resize(std::min(text->size(), static_cast<std::size_t>(*live.max_length)));
    placeholders[column] = step.statement.bind(text, "text");
  }
  Parts where;
  const auto columns = row_key(*pass.set.table, live_table(world.catalogue, pass.set.table->name));
  for (std::size_t i = 0; i < columns.size(); ++i)
    where.push_back(
        qualify(row, columns[i]) + " = " +
        step.statement.bind(key.at(i),
                            live_column(world.catalogue, pass.set.table->name, columns[i]).type));
  where.push_back(going(conditions, pass, scope, row, step.statement));
  step.statement.text = "UPDATE " + quote(pass.set.table->name) +
                        (" AS \"" + std::string(row) + "\" SET ") +
                        mask_assignments(world.catalogue, pass.set, row, placeholders, pass.masks) +
                        " WHERE " + join(where, " AND ");
  return step;
}

std::string clock_text(const std::string& expression, ClockType type, const Clock& clock,
                       const Zone& zone) {
  switch (type) {
    case ClockType::date:
      return "(" + expression + ")::text";
    case ClockType::timestamptz:
      return "to_char((" + expression +
             ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    case ClockType::timestamp:
      return "to_char((" + expression + ") AT TIME ZONE " +
             string_literal(clock.zone.empty() ? zone.name() : clock.zone) +
             " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    case ClockType::number:
      return "to_char(to_timestamp((" + expression + ")" +
             (clock.epoch == EpochUnit::milliseconds ? " / 1000.0" : "") +
             ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
  }
  return "NULL";
}

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
