#include <libpq-fe.h>

#include "core/pg/connection.hpp"
#include "core/pg/raw_result.hpp"
#include "core/pg/server_error.hpp"

namespace dsar::pg {
namespace {

class PipelineResult : public Result {
 public:
  explicit PipelineResult(RawResult result) : result_(std::move(result)) {}

  [[nodiscard]] std::size_t rows() const override {
    return static_cast<std::size_t>(PQntuples(result_.get()));
  }
  [[nodiscard]] std::size_t affected() const override {
    const std::string rows = PQcmdTuples(result_.get());
    return rows.empty() ? 0 : std::stoull(rows);
  }
  [[nodiscard]] std::optional<std::string_view> at(std::size_t row,
                                                   std::size_t column) const override {
    const auto r = static_cast<int>(row);
    const auto c = static_cast<int>(column);
    if (PQgetisnull(result_.get(), r, c) != 0) return std::nullopt;
    return std::string_view(PQgetvalue(result_.get(), r, c),
                            static_cast<std::size_t>(PQgetlength(result_.get(), r, c)));
  }

 private:
  RawResult result_;
};

/// libpq's pipeline mode, left again however it ends.
class Pipeline {
 public:
  explicit Pipeline(pg_conn* connection) : connection_(connection) {
    if (PQenterPipelineMode(connection_) == 0) fail("the connection is busy");
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  ~Pipeline() {
    // libpq leaves the mode only once nothing is on its way.
    if (sent_ && PQpipelineSync(connection_) != 0) waiting_ = true;
    while (waiting_ && !is_lost(connection_)) read();
    PQexitPipelineMode(connection_);
  }

  void send(const std::string& sql, const std::vector<const char*>& values) {
    if (PQsendQueryParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0)
      fail("a statement cannot be sent");
    sent_ = true;
  }

  void sync() {
    if (PQpipelineSync(connection_) == 0) fail("statements cannot be sent");
    sent_ = false;
    waiting_ = true;
  }

  /// The next statement's result; null after the last one, or when no more will come.
  RawResult read() noexcept {
    // One null comes between two statements; more of them only from a libpq that has lost count.
    for (int nulls = 0; waiting_ && nulls < 2;) {
      RawResult result(PQgetResult(connection_));
      if (!result) {
        if (is_lost(connection_)) break;
        ++nulls;
        continue;
      }
      if (PQresultStatus(result.get()) != PGRES_PIPELINE_SYNC) return result;
      break;
    }
    waiting_ = false;
    return nullptr;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    if (is_lost(connection_)) throw_lost(connection_);
    throw Error(ExitCode::unexpected, "the database client library failed: " + why);
  }

  pg_conn* connection_;
  bool sent_ = false;     ///< statements, of which the server does not know that they are all
  bool waiting_ = false;  ///< for results
};

}  // namespace

std::vector<std::unique_ptr<Result>> Connection::exec_all(
    const std::vector<SqlStatement>& statements) {
  std::vector<std::unique_ptr<Result>> results;
  exec_all(statements, results);
  return results;
}

void Connection::exec_all(const std::vector<SqlStatement>& statements,
                          std::vector<std::unique_ptr<Result>>& results) {
  std::vector<std::vector<const char*>> values;
  for (const auto& statement : statements) values.push_back(param_pointers(statement.params()));
  Pipeline pipeline(raw());
  for (std::size_t i = 0; i < statements.size(); ++i) pipeline.send(statements[i].text, values[i]);
  pipeline.sync();
  while (auto result = pipeline.read()) {
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
      if (PQresultErrorField(result.get(), PG_DIAG_SQLSTATE) != nullptr) results.push_back(nullptr);
      throw_server_error(raw(), result.get());
    }
    results.push_back(std::make_unique<PipelineResult>(std::move(result)));
  }
  if (results.size() < statements.size()) throw_lost(raw());
}

}  // namespace dsar::pg
