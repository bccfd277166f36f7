#include "core/pg/holds.hpp"

#include "core/pg/audit.hpp"
#include "core/pg/hold_lock.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/moments.hpp"
#include "core/pg/privilege.hpp"
#include "core/pg/recorded_subject.hpp"
#include "core/pg/subject.hpp"
#include "core/selection.hpp"
#include "core/sql_fragment.hpp"
#include "core/sql_lexer.hpp"
#include "core/sql_roles.hpp"

namespace dsar::pg {
namespace {

// The number after the migrations' own; the first half says 'dsar'.
constexpr std::string_view share_sql = "SELECT pg_advisory_xact_lock_shared(1685283186, 2)";
constexpr std::string_view epoch_sql = "SELECT epoch FROM dsar.hold_epoch";
constexpr std::string_view exclusive_sql = "SELECT pg_advisory_xact_lock(1685283186, 2)";

/// Looks subjects up again, by what a hold or a request has kept of them.
class Resolver {
 public:
  Resolver(Connection& connection, const DataMap& map, const Catalogue& catalogue)
      : connection_(connection),
        map_(map),
        lookup_(subject_lookup(connection, map, catalogue, cannot_see_)) {}

  /// The rows of dsar.`table` that `condition` selects; `what` is what their numbers count.
  void add(std::string_view table, std::string_view condition, const std::string& what,
           Held& held) const {
    const auto rows =
        connection_.exec("SELECT h.id, h.tenant_key FROM dsar." + quote(table).text() +
                         " AS h WHERE " + std::string(condition) + " ORDER BY h.id");
    if (rows->rows() == 0) return;
    auto subjects = recorded_subjects(connection_, table, condition);
    for (std::size_t r = 0; r < rows->rows(); ++r) {
      const auto by = what + " " + rows->text(r, 0);
      const auto& subject = subjects[std::stoll(rows->text(r, 0))];
      held.subjects.push_back({by, rows->text(r, 1), resolved(subject, rows->text(r, 1))});
      require_sight(by, subject.kind);
    }
  }

 private:
  /// `kind`: the subject's; empty: not known, so that it may be in any root set.
  void require_sight(const std::string& by, const std::string& kind) const {
    for (const auto& unseen : cannot_see_) {
      if (!kind.empty() && find_set(map_, unseen.what).set->subject != kind) continue;
      throw Error(ExitCode::refused,
                  by + " may keep rows of " + unseen.what +
                      ", which this role cannot see: " + unseen.reason,
                  "Run dsarctl doctor: it names the privileges that are missing.");
    }
  }

  [[nodiscard]] SubjectKeys resolved(const RecordedSubject& subject,
                                     const std::string& tenant) const {
    if (subject.asked.empty()) return subject.keys;
    ClosureQuestion question;
    question.asked = subject.asked;
    question.also = subject.also;
    question.tenant = tenant;
    question.tenants_exist = map_.tenants.has_value();
    question.subject = subject.kind;
    return united(subject.keys, keys_to_hold(close_identities(map_, question, lookup_)));
  }

  Connection& connection_;
  const DataMap& map_;
  std::vector<CannotSee> cannot_see_;
  SubjectLookup lookup_;
};

/// Looks up on which rows those of held subjects hang.
void add_parents(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                 Held& held) {
  SubjectKeys parents;
  for (const auto& set : record_sets(map)) {
    const auto statement = held_parents_statement(map, catalogue, held, set);
    if (!statement) continue;
    const auto columns = row_key(*set.table, live_table(catalogue, set.table->name)).size();
    std::unique_ptr<Result> rows;
    const auto forbidden = unless_forbidden(
        connection, [&] { rows = connection.exec(statement->text, statement->params()); });
    // Then the conditions say it, and what cannot be read is found out set by set.
    if (forbidden) return;
    for (std::size_t r = 0; r < rows->rows(); ++r) {
      auto& key = parents[set.set->name].emplace_back();
      for (std::size_t c = 0; c < columns; ++c) key.push_back(rows->text(r, c));
    }
  }
  held.parents = std::move(parents);
}

void add_tenants_and_sets(Connection& connection, Held& held) {
  const auto rows = connection.exec(
      "SELECT id, kind, tenant_key, record_set, predicate FROM dsar.hold "
      "WHERE released_at IS NULL AND kind IN ('tenant', 'set') ORDER BY id");
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    const auto by = "hold " + rows->text(r, 0);
    if (rows->text(r, 1) == "tenant") {
      held.tenants.push_back({by, rows->text(r, 2)});
      continue;
    }
    HeldSet set{by, rows->text(r, 2), rows->text(r, 3), std::nullopt};
    if (const auto predicate = rows->at(r, 4)) set.predicate = {std::string(*predicate), {}};
    held.sets.push_back(std::move(set));
  }
}

std::optional<std::string> null_if_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// What tells rows of the set apart. The row's place is the last resort: a role that may read only
/// some of the columns may not read that.
std::string address_of(const Catalogue& catalogue, const SetRef& set) {
  std::vector<std::string> columns;
  for (const auto& column : row_key(*set.table, live_table(catalogue, set.table->name)))
    columns.push_back(qualify("t0", column).text());
  return columns.empty() ? "t0.tableoid, t0.ctid" : join(columns, ", ");
}

}  // namespace

std::vector<SqlStatement> hold_lock_statements() {
  return {SqlStatement(std::string(share_sql)), SqlStatement(std::string(epoch_sql))};
}

std::int64_t epoch_in(const Result& result) {
  return std::stoll(result.text(0, 0));
}

std::int64_t share_hold_lock(Connection& connection) {
  return epoch_in(*connection.exec_all(hold_lock_statements()).back());
}

std::int64_t hold_epoch(Connection& connection) {
  return epoch_in(*connection.exec(epoch_sql));
}

void change_what_is_held(Connection& connection) {
  connection.exec(exclusive_sql);
  connection.exec("UPDATE dsar.hold_epoch SET epoch = epoch + 1");
}

Held held_now(Connection& connection, const DataMap& map, const Catalogue& catalogue,
              const std::vector<std::int64_t>& without) {
  Held held;
  held.epoch = hold_epoch(connection);
  const Resolver resolver(connection, map, catalogue);
  resolver.add("hold", "h.released_at IS NULL AND h.kind = 'subject'", "hold", held);
  std::string open = "h.closed_at IS NULL";
  for (const auto id : without) open += " AND h.id <> " + std::to_string(id);
  resolver.add("request", open, "request", held);
  resolver.add("choice", "h.lifted_at IS NULL AND h.kind = 'restriction'", "restriction", held);
  add_parents(connection, map, catalogue, held);
  add_tenants_and_sets(connection, held);
  return held;
}

std::int64_t place_hold(Connection& connection, const NewHold& hold,
                        const std::vector<std::string>& subject_hashes, const CommitHold& commit) {
  Params params{
      std::string(to_string(hold.kind)), hold.tenant.key, hold.tenant.slug, hold.subject.kind,
      null_if_empty(hold.set),           hold.predicate,  hold.ground,      hold.author,
      iso_text(hold.review_on)};
  const auto first = params.size() + 1;
  for (auto& param : subject_params(hold.subject)) params.push_back(std::move(param));
  Transaction transaction(connection, TransactionMode::read_write);
  change_what_is_held(connection);
  const auto placed = connection.exec(
      "INSERT INTO dsar.hold (kind, tenant_key, tenant, subject_kind, record_set, predicate, "
      "ground, author, review_on, " +
          std::string(subject_columns) + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::date, " +
          subject_values_sql(first) + ") RETURNING id",
      params);
  const auto id = std::stoll(placed->text(0, 0));
  append_audit(connection, {hold.author,
                            "hold place",
                            hold.tenant.key,
                            subject_hashes,
                            {{"hold", std::to_string(id)},
                             {"kind", std::string(to_string(hold.kind))},
                             {"record_set", hold.set}}});
  commit ? commit(transaction, id) : transaction.commit();
  return id;
}

void release_hold(Connection& connection, std::int64_t id, const std::string& author,
                  const std::string& reason, const CommitHold& commit) {
  const auto number = std::to_string(id);
  Transaction transaction(connection, TransactionMode::read_write);
  change_what_is_held(connection);
  const auto released = connection.exec(
      "UPDATE dsar.hold SET released_at = clock_timestamp(), released_by = $2, release_reason = $3 "
      "WHERE id = $1::bigint AND released_at IS NULL",
      {number, author, reason});
  if (released->affected() == 0) {
    const auto there = connection.exec("SELECT 1 FROM dsar.hold WHERE id = $1::bigint", {number});
    throw Error(ExitCode::usage,
                there->rows() == 0 ? "there is no hold " + number
                                   : "hold " + number + " is released already",
                "Run dsarctl hold list --all.");
  }
  append_audit(connection, {author, "hold release", {}, {}, {{"hold", number}}});
  commit ? commit(transaction, id) : transaction.commit();
}

std::vector<Hold> list_holds(Connection& connection, bool released) {
  const std::string condition = released ? "true" : "h.released_at IS NULL";
  const auto rows = connection.exec(
      "SELECT h.id, h.kind, h.tenant_key, h.tenant, h.record_set, h.predicate, h.ground, "
      "h.author, " +
      days_sql("h.review_on") + ", " + microseconds_sql("h.placed_at") + ", " +
      microseconds_sql("h.released_at") +
      ", h.released_by, h.release_reason FROM dsar.hold AS h WHERE " + condition +
      " ORDER BY h.id");
  if (rows->rows() == 0) return {};
  auto subjects = recorded_subjects(connection, "hold", condition);
  std::vector<Hold> holds;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    Hold hold;
    hold.id = std::stoll(rows->text(r, 0));
    hold.placed.kind = from_string<HoldKind>(rows->text(r, 1)).value();
    hold.placed.tenant = {rows->text(r, 2), rows->text(r, 3)};
    hold.placed.set = rows->text(r, 4);
    if (const auto predicate = rows->at(r, 5)) hold.placed.predicate = std::string(*predicate);
    hold.placed.ground = rows->text(r, 6);
    hold.placed.author = rows->text(r, 7);
    hold.placed.review_on = date_at(*rows, r, 8);
    hold.placed.subject = std::move(subjects[hold.id]);
    hold.placed_at = instant_at(*rows, r, 9).value();
    hold.released_at = instant_at(*rows, r, 10);
    hold.released_by = rows->text(r, 11);
    hold.release_reason = rows->text(r, 12);
    holds.push_back(std::move(hold));
  }
  return holds;
}

void check_hold_predicate(Connection& connection, const SetRef& set, const std::string& predicate) {
  const SqlFragment fragment{predicate, {}};
  if (const auto faults = check_fragment(fragment, {"this"}, true); !faults.empty())
    throw Error(ExitCode::usage, "the predicate of the hold: " + faults.front().message);
  std::vector<std::string> functions;
  const auto tokens = lex_sql(predicate);
  const auto roles = sql_roles(tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (roles[i] == SqlRole::function) functions.push_back(tokens[i].name);
  }
  const auto unstable = connection.exec(
      "SELECT proname FROM pg_proc WHERE provolatile = 'v' AND proname = ANY "
      "($1::text[]::name[]) LIMIT 1",
      {array_value(functions)});
  if (unstable->rows() > 0)
    throw Error(ExitCode::usage,
                "the predicate of the hold calls the volatile function " + unstable->text(0, 0));
  try {
    connection.exec("PREPARE dsar_check AS SELECT 1 FROM " + quote(set.table->name) +
                    " AS \"t0\" WHERE (" + bind_aliases(predicate, {{"this", "t0"}}) + ")");
    connection.exec("DEALLOCATE dsar_check");
  } catch (const ServerError& error) {
    if (error.code() == ExitCode::database) throw;
    throw Error(ExitCode::usage,
                "the predicate of the hold does not prepare: " + std::string(error.what()),
                "It is one condition on columns of " + set.table->name.text() + ".");
  }
}

bool can_read_holds(Connection& connection) {
  if (schema_version(connection) != known_schema_version()) return false;
  const auto may = connection.exec(
      "SELECT has_table_privilege('dsar.hold', 'SELECT') AND "
      "has_table_privilege('dsar.request', 'SELECT') AND "
      "has_table_privilege('dsar.request_step', 'SELECT') AND "
      "has_table_privilege('dsar.choice', 'SELECT')");
  return may->at(0, 0) == "t";
}

bool holds_any(Connection& connection, const ReachContext& reach, const Held& held) {
  for (const auto& selection : select_sets(reach)) {
    for (std::size_t way = 0; way < selection.paths.size(); ++way) {
      SqlStatement statement;
      const auto rows = from_where(reach, selection.set, selection.paths, way, statement);
      const auto condition =
          held_condition(reach.map, reach.catalogue, held, selection.set, "t0", statement);
      if (condition.empty()) break;
      statement.text = "SELECT EXISTS (SELECT 1 " + rows + " AND " + condition + ")";
      if (connection.exec(statement.text, statement.params())->at(0, 0) == "t") return true;
    }
  }
  return false;
}

std::vector<Coverage> count_held(Connection& connection, const DataMap& map,
                                 const Catalogue& catalogue, const Held& held) {
  std::vector<Coverage> covered;
  for (const auto& set : record_sets(map)) {
    SqlStatement statement;
    const auto conditions = held_conditions(map, catalogue, held, set, "t0", statement);
    if (conditions.empty()) continue;
    std::string rows = "FROM " + quote(set.table->name) + " AS \"t0\" WHERE ";
    if (set.set->predicate)
      rows += "(" + bind_aliases(set.set->predicate->text, {{"this", "t0"}}) + ") AND ";
    const auto kind = live_table(catalogue, set.table->name).kind;
    if (kind == 'r' || kind == 'p') {
      // Each condition on its own begins at the few rows that are held; any of them together
      // would walk the whole table.
      std::vector<std::string> branches;
      const auto row = address_of(catalogue, set);
      for (const auto& condition : conditions)
        branches.push_back("SELECT " + row + " " + rows + condition);
      statement.text = "SELECT count(*) FROM (" + join(branches, " UNION ") + ") AS held";
    } else {
      statement.text = "SELECT count(*) " + rows + "(" + join(conditions, " OR ") + ")";
    }
    const auto count = connection.exec(statement.text, statement.params());
    if (const auto n = std::stoull(count->text(0, 0)); n > 0) covered.push_back({set.set->name, n});
  }
  return covered;
}

}  // namespace dsar::pg
