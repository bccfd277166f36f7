#include "core/sweep_steps.hpp"

#include <algorithm>

#include "core/cascaded_sets.hpp"
#include "core/mask_sql.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

constexpr const char* row = "t0";

/// Whether what a pass deletes has to be counted tenant by tenant.
bool several_tenants(const SweepWorld& world, const SweepPass& pass) {
  return world.map.tenants && pass.tenants.size() != 1;
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
    return hangs_on(conditions, chain, 0, row, pass_.tenants, [&](const std::string& alias) {
      return rows_going(conditions, pass_, scope_, alias, statement);
    });
  }

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
    const auto gone = rows_going(conditions, pass, scope, "t1", step.statement);
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
void add_counter(const std::vector<SetRef>& cascaded, std::vector<SweepStep>& steps) {
  if (cascaded.empty()) return;
  SweepStep step{SweepStep::Kind::counter, {}, {}, false};
  Parts rows;
  for (const auto& set : cascaded)
    rows.push_back("(" + step.statement.bind(set.set->name, "text") +
                   ", pg_stat_get_xact_tuples_deleted(" +
                   step.statement.bind(quote(set.table->name).text(), "regclass") + "))");
  step.statement.text = "VALUES " + join(rows, ", ");
  steps.push_back(std::move(step));
}

SweepStep rows_step(const SweepWorld& world, const SweepPass& pass, const Scope& scope,
                    const ObjectNotes& notes) {
  SweepStep step{SweepStep::Kind::rows, pass.set.set->name, {}, false};
  SweepConditions conditions(world, step.statement, false);
  auto where = rows_going(conditions, pass, scope, row, step.statement);
  if (pass.action == SweepAction::remove) {
    where += and_not(conditions.keeps_protected(pass, row));
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

}  // namespace

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
          return rows_going(conditions, pass, scope, row, statement);
        },
        steps);
    DependantSteps(world, pass, scope, cascaded, notes, steps).run();
    add_references(world, pass, scope, steps);
  }
  add_counter(cascaded, steps);
  steps.push_back(rows_step(world, pass, scope, notes));
  add_counter(cascaded, steps);
  return steps;
}

std::string going_rows(const SweepWorld& world, const SweepPass& pass, const std::string& alias,
                       const std::vector<std::string>& columns, std::size_t limit,
                       SqlStatement& statement) {
  SweepConditions conditions(world, statement, false);
  const Scope everything = [](const std::string&, SqlStatement&) { return std::string(); };
  auto where = rows_going(conditions, pass, everything, alias, statement);
  if (pass.action == SweepAction::remove) where += and_not(conditions.keeps_protected(pass, alias));
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
                   rows_going(conditions, pass, scope, row, statement) + " LIMIT " +
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
  where.push_back(rows_going(conditions, pass, scope, row, step.statement));
  step.statement.text = "UPDATE " + quote(pass.set.table->name) +
                        (" AS \"" + std::string(row) + "\" SET ") +
                        mask_assignments(world.catalogue, pass.set, row, placeholders, pass.masks) +
                        " WHERE " + join(where, " AND ");
  return step;
}

}  // namespace dsar
