#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/sql.hpp"

struct pg_conn;

namespace dsar::pg {

/// Bound values in PostgreSQL's text format; nullopt is NULL.
using Params = std::vector<std::optional<std::string>>;

/// An error the server reported. The message never repeats DETAIL, and where the server's own
/// words could hold a value (SQLSTATE classes 22 and 23, P0001) it gives the state alone.
class ServerError : public Error {
 public:
  ServerError(ExitCode code, const std::string& message, std::string hint, std::string sqlstate)
      : Error(code, message, std::move(hint)), sqlstate_(std::move(sqlstate)) {}
  /// Five characters, e.g. `42501`.
  [[nodiscard]] const std::string& sqlstate() const noexcept { return sqlstate_; }

 private:
  std::string sqlstate_;
};

/// What to throw for an error met while `part` of the map was looked at (`record set posts`): where
/// the server does not know what the map names, the map is at fault and not the tool.
Error as_fault_of(const std::string& part, const ServerError& error);

/// A whole result, in text format. For small answers; rows in bulk go through RowStream.
class Result {
 public:
  virtual ~Result() = default;
  [[nodiscard]] virtual std::size_t rows() const = 0;
  [[nodiscard]] virtual std::size_t affected() const = 0;
  /// nullopt for NULL; valid as long as the result.
  [[nodiscard]] virtual std::optional<std::string_view> at(std::size_t row,
                                                           std::size_t column) const = 0;
  /// The value, or an empty string for NULL.
  [[nodiscard]] std::string text(std::size_t row, std::size_t column) const {
    return std::string(at(row, column).value_or(std::string_view{}));
  }
};

/// One connection. Internal to core/pg: what leaves this folder speaks the domain. It never
/// reconnects: a lost connection is an Error with ExitCode::database.
class Connection {
 public:
  /// `conninfo`: a libpq connection string or URI, empty for libpq's own defaults. Throws Error
  /// (database) when there is no server, the password is wrong, …, without repeating a secret.
  explicit Connection(const std::string& conninfo);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// One statement with bound values, outside or inside a Transaction.
  std::unique_ptr<Result> exec(std::string_view sql, const Params& params = {});
  /// Statements one after another, all sent before the first is answered, so that the server need
  /// not wait for us in between; inside a Transaction. Their results, in order. The first that
  /// fails is thrown, and none after it is carried out.
  std::vector<std::unique_ptr<Result>> exec_all(const std::vector<SqlStatement>& statements);
  /// Likewise; `results` also has those up to a failure, and null for a statement of which the
  /// server said that it failed.
  void exec_all(const std::vector<SqlStatement>& statements,
                std::vector<std::unique_ptr<Result>>& results);
  /// For RowStream and ByteStream.
  [[nodiscard]] pg_conn* raw() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

enum class TransactionMode {
  read_only,   ///< REPEATABLE READ READ ONLY: one snapshot
  read_write,  ///< READ COMMITTED
};

/// BEGIN with the settings of every transaction of ours, by SET LOCAL (search_path = pg_catalog,
/// TimeZone = UTC, ISO styles, row_security = off, jit = off, bytea_output = hex,
/// extra_float_digits = 1); rolled back unless committed.
class Transaction {
 public:
  Transaction(Connection& connection, TransactionMode mode);
  /// One that begins with these, sent along with BEGIN.
  Transaction(Connection& connection, TransactionMode mode,
              const std::vector<SqlStatement>& statements);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// The results of the statements that it began with.
  [[nodiscard]] const std::vector<std::unique_ptr<Result>>& begun_with() const {
    return begun_with_;
  }

  void commit();
  /// Carries these out and commits, in one message; nothing is committed where one of them fails.
  std::vector<std::unique_ptr<Result>> commit_after(std::vector<SqlStatement> statements);

 private:
  Connection& connection_;
  std::vector<std::unique_ptr<Result>> begun_with_;
  bool open_ = true;
};

/// A part of the open Transaction that may fail by itself: undone unless kept. The transaction goes
/// on either way, without the locks that an undone part has taken.
class Savepoint {
 public:
  explicit Savepoint(Connection& connection);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;

  void keep();

 private:
  Connection& connection_;
  bool open_ = true;
};

/// Whether a conninfo or URI carries a password (refused on a command line: others can read it).
bool has_password(const std::string& conninfo);

}  // namespace dsar::pg
