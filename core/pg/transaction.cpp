#include <libpq-fe.h>

#include <stdexcept>

#include "core/pg/connection.hpp"
#include "core/pg/server_error.hpp"

namespace dsar::pg {
namespace {

// pg_temp is named so that it comes last: unnamed, it is searched first.
constexpr std::string_view settings = R"(;
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL row_security = off;
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL IntervalStyle = 'iso_8601';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL standard_conforming_strings = on;
SET LOCAL client_min_messages = error;
SET LOCAL jit = off)";

std::string begin(TransactionMode mode) {
  return std::string(mode == TransactionMode::read_only
                         ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                         : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
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
  const auto status = PQtransactionStatus(connection.raw());
  if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
    throw std::logic_error("a transaction is open already");
  }
  try {
    connection.exec(begin(mode) + std::string(settings));
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
  open_ = false;
  try {
    connection_.exec("COMMIT");
  } catch (const Error&) {
    if (!is_lost(connection_.raw())) throw;
    throw Error(ExitCode::database,
                "the connection was lost during COMMIT: whether it took effect is unknown",
                "Run the command again: it finds out what is left to do.");
  }
}

}  // namespace dsar::pg
