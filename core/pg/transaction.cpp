#include <libpq-fe.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "core/pg/connection.hpp"
#include "core/pg/server_error.hpp"

namespace dsar::pg {
namespace {

// pg_temp is named so that it comes last: unnamed, it is searched first.
constexpr std::array settings{
    "SET LOCAL search_path = pg_catalog, pg_temp",
    "SET LOCAL row_security = off",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'iso_8601'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL client_min_messages = error",
    "SET LOCAL jit = off",
};

/// BEGIN, and the settings.
std::vector<std::string> beginning(TransactionMode mode) {
  std::vector<std::string> statements{mode == TransactionMode::read_only
                                          ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                          : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"};
  statements.insert(statements.end(), settings.begin(), settings.end());
  return statements;
}

void require_none_open(const Connection& connection) {
  const auto status = PQtransactionStatus(connection.raw());
  if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
    throw std::logic_error("a transaction is open already");
}

void roll_back(Connection& connection) noexcept {
  const auto status = PQtransactionStatus(connection.raw());
  if (status != PQTRANS_INTRANS && status != PQTRANS_INERROR) return;
  try {
    connection.exec("ROLLBACK");
  } catch (const std::exception&) {  // the server rolls back by itself when the connection is gone
    return;
  }
}

}  // namespace

Transaction::Transaction(Connection& connection, TransactionMode mode) : connection_(connection) {
  require_none_open(connection);
  try {
    connection.exec(join(beginning(mode), "; "));
  } catch (...) {
    roll_back(connection);
    throw;
  }
}

Transaction::Transaction(Connection& connection, TransactionMode mode,
                         const std::vector<SqlStatement>& statements)
    : connection_(connection) {
  require_none_open(connection);
  std::vector<SqlStatement> all;
  for (auto& text : beginning(mode)) all.emplace_back(std::move(text));
  const auto ours = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), statements.begin(), statements.end());
  try {
    begun_with_ = connection.exec_all(all);
    begun_with_.erase(begun_with_.begin(), begun_with_.begin() + ours);
  } catch (...) {
    roll_back(connection);
    throw;
  }
}

Transaction::~Transaction() {
  if (open_) roll_back(connection_);
}

void Transaction::commit() {
  // The server answers COMMIT with a silent ROLLBACK when a statement has failed before.
  if (PQtransactionStatus(connection_.raw()) == PQTRANS_INERROR) {
    throw Error(ExitCode::unexpected, "the transaction failed before and cannot be committed");
  }
  commit_after({});
}

std::vector<std::unique_ptr<Result>> Transaction::commit_after(
    std::vector<SqlStatement> statements) {
  statements.emplace_back("COMMIT");
  std::vector<std::unique_ptr<Result>> results;
  try {
    connection_.exec_all(statements, results);
    open_ = false;
    results.pop_back();
    return results;
  } catch (const Error&) {
    if (!is_lost(connection_.raw())) throw;
    // What the server said to have failed before COMMIT has not been committed.
    const bool before_commit = results.size() < statements.size();
    if (before_commit && !results.empty() && results.back() == nullptr) throw;
    throw Error(ExitCode::database,
                "the connection was lost during COMMIT: whether it took effect is unknown",
                "Run the command again: it finds out what is left to do.");
  }
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
  connection.exec("SAVEPOINT dsar_part");
}

Savepoint::~Savepoint() {
  if (!open_) return;
  try {
    connection_.exec("ROLLBACK TO SAVEPOINT dsar_part; RELEASE SAVEPOINT dsar_part");
  } catch (const std::exception&) {  // the connection is gone, and whatever comes next says so
    return;
  }
}

void Savepoint::keep() {
  connection_.exec("RELEASE SAVEPOINT dsar_part");
  open_ = false;
}

}  // namespace dsar::pg
