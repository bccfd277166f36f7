#include "core/pg/erase_apply.hpp"

#include <algorithm>

#include "core/crypto/hmac.hpp"
#include "core/erasure_actions.hpp"
#include "core/erasure_order.hpp"
#include "core/mask_sql.hpp"
#include "core/pg/holds.hpp"

namespace dsar::pg {
namespace {

class Eraser {
 public:
  Eraser(Connection& connection, const DataMap& map, const Catalogue& catalogue,
         const ErasureDecision& decision, const std::string& hash_key)
      : connection_(connection),
        map_(map),
        catalogue_(catalogue),
        decision_(decision),
        hash_key_(hash_key) {}

  void run() {
    std::vector<SetRef> going;
    for (const auto& rows : decision_.sets) {
      if (!rows.with(RowFate::remove).empty()) going.push_back(rows.set);
    }
    const auto order = deletion_order(map_, catalogue_, going);
    for (const auto& rows : decision_.sets) release(rows);
    for (const auto& rows : decision_.sets) {
      mask(rows, RowFate::mask);
      mask(rows, RowFate::repoint);
    }
    for (const auto& table : order) {
      const auto rows = going_of(decision_.sets, table);
      expect(delete_statement(rows), rows.size(), table.text());
    }
  }

 private:
  void expect(const SqlStatement& statement, std::size_t rows, const std::string& where) {
    const auto result = connection_.exec(statement.text, statement.params());
    if (result->affected() == rows) return;
    throw RowsChanged(ExitCode::refused,
                      "rows of " + where +
                          " changed while they were erased, or a trigger keeps "
                          "them: nothing has been changed",
                      "Run it again.");
  }

  void release(const ErasureRows& rows) {
    if (rows.with(RowFate::remove).empty()) return;
    for (const auto& releasing : dsar::releasing(map_, catalogue_, rows.set)) {
      const auto own = going_of(decision_.sets, releasing.referrer.table->name);
      const bool same_table = releasing.referrer.table->name == rows.set.table->name;
      const auto statement = release_statement(releasing, rows, same_table ? own : ErasureRows{});
      connection_.exec(statement.text, statement.params());
    }
  }

  void mask(const ErasureRows& rows, RowFate fate) {
    const auto chosen = rows.with(fate);
    if (chosen.empty()) return;
    const auto statement = mask_statement(catalogue_, rows, chosen, hashes_of(rows, chosen));
    expect(statement, chosen.size(), rows.set.table->name.text());
  }

  Hashes hashes_of(const ErasureRows& rows, const std::vector<std::size_t>& chosen) {
    Hashes hashes;
    const auto columns = hashed_columns(catalogue_, rows.set, mask_scope(rows.set));
    if (columns.empty()) return hashes;
    if (hash_key_.empty())
      throw Error(
          ExitCode::usage,
          "record set " + rows.set.set->name + " is masked by keyed hashes, and no key is given",
          "Give the key's file with --hash-key.");
    for (const auto& column : columns) hashes[column].resize(chosen.size());
    HmacSha256 hmac(hash_key_);
    const auto statement = hashed_values_statement(rows, chosen, columns);
    const auto result = connection_.exec(statement.text, statement.params());
    for (std::size_t r = 0; r < result->rows(); ++r) {
      const auto number = std::stoull(result->text(r, 0)) - 1;
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (const auto value = result->at(r, c + 1))
          hashes[columns[c]].at(number) = hmac.hex(*value);
      }
    }
    return hashes;
  }

  Connection& connection_;
  const DataMap& map_;
  const Catalogue& catalogue_;
  const ErasureDecision& decision_;
  const std::string& hash_key_;
};

}  // namespace

std::int64_t begin_erasing(Connection& connection, const ErasureTimeouts& timeouts) {
  std::vector<SqlStatement> statements{
      SqlStatement("SET LOCAL lock_timeout = " + std::to_string(timeouts.lock.count())),
      SqlStatement("SET LOCAL statement_timeout = " + std::to_string(timeouts.statement.count())),
      SqlStatement("SET CONSTRAINTS ALL DEFERRED")};
  for (auto& statement : hold_lock_statements()) statements.push_back(std::move(statement));
  return epoch_in(*connection.exec_all(statements).back());
}

void carry_out(Connection& connection, const DataMap& map, const Catalogue& catalogue,
               const ErasureDecision& decision, const std::string& hash_key) {
  Eraser(connection, map, catalogue, decision, hash_key).run();
}

bool sets_off_triggers(const Catalogue& catalogue, const ErasureDecision& decision) {
  return std::any_of(decision.sets.begin(), decision.sets.end(), [&](const ErasureRows& rows) {
    const bool acts = std::any_of(rows.fate.begin(), rows.fate.end(),
                                  [](RowFate fate) { return fate != RowFate::keep; });
    const auto& triggers = live_table(catalogue, rows.set.table->name).triggers;
    return acts && std::any_of(triggers.begin(), triggers.end(), [](const CatalogueTrigger& one) {
             return one.on_delete || one.on_update;
           });
  });
}

void check_constraints(Connection& connection) {
  connection.exec("SET CONSTRAINTS ALL IMMEDIATE");
}

bool enforces_keys(Connection& connection) {
  const auto result = connection.exec(
      "SELECT current_setting('session_replication_role') <> 'replica' AND NOT EXISTS "
      "(SELECT 1 FROM pg_trigger WHERE tgisinternal AND tgenabled NOT IN ('O', 'A'))");
  return result->text(0, 0) == "t";
}

bool refused_by_key(const Error& error) {
  const auto* server = dynamic_cast<const ServerError*>(&error);
  return server != nullptr && (server->sqlstate() == "23503" || server->sqlstate() == "23001");
}

bool worth_another_attempt(const Error& error) {
  if (dynamic_cast<const RowsChanged*>(&error) != nullptr || refused_by_key(error)) return true;
  const auto* server = dynamic_cast<const ServerError*>(&error);
  // A deadlock, or another's change.
  return server != nullptr && (server->sqlstate() == "40P01" || server->sqlstate() == "40001");
}

std::vector<std::string> writers_of(Connection& connection, const std::vector<TableName>& tables) {
  std::vector<std::string> names;
  for (const auto& table : tables) names.push_back(quote(table).text());
  const auto result = connection.exec(
      "SELECT DISTINCT l.virtualtransaction FROM pg_locks AS l JOIN unnest($1::text[]) AS t(name) "
      "ON l.relation = to_regclass(t.name) WHERE l.locktype = 'relation' AND l.granted "
      "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
      "AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', "
      "'AccessExclusiveLock') AND l.pid <> pg_backend_pid()",
      {array_value(names)});
  std::vector<std::string> found;
  for (std::size_t r = 0; r < result->rows(); ++r) found.push_back(result->text(r, 0));
  return found;
}

std::vector<std::string> still_running(Connection& connection,
                                       const std::vector<std::string>& transactions) {
  const auto result = connection.exec(
      "SELECT DISTINCT t.name FROM pg_locks AS l JOIN unnest($1::text[]) AS t(name) "
      "ON l.virtualtransaction = t.name WHERE l.locktype = 'virtualxid' AND l.granted "
      "AND l.virtualxid = t.name",
      {array_value(transactions)});
  std::vector<std::string> found;
  for (std::size_t r = 0; r < result->rows(); ++r) found.push_back(result->text(r, 0));
  return found;
}

}  // namespace dsar::pg
