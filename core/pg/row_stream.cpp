#include "core/pg/row_stream.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "core/pg/raw_result.hpp"
#include "core/pg/server_error.hpp"

namespace dsar::pg {
namespace {

struct FreeCancel {
  void operator()(PGcancel* cancel) const noexcept { PQfreeCancel(cancel); }
};

/// libpq refuses a command before the one before is read to its end.
void drain(pg_conn* connection) noexcept {
  while (RawResult(PQgetResult(connection))) {
  }
}

void cancel(pg_conn* connection) noexcept {
  const std::unique_ptr<PGcancel, FreeCancel> handle(PQgetCancel(connection));
  std::array<char, 256> message{};
  if (handle) PQcancel(handle.get(), message.data(), static_cast<int>(message.size()));
}

class RowStream : public RowSource {
 public:
  RowStream(Connection& connection, const std::string& sql, const Params& params,
            std::vector<Column> columns)
      : connection_(connection.raw()), columns_(std::move(columns)) {
    const auto values = param_pointers(params);
    if (PQsendQueryParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr,
                          values.data(), nullptr, nullptr, 0) == 0) {
      if (is_lost(connection_)) throw_lost(connection_);
      throw std::logic_error("the connection is busy with another stream");
    }
    PQsetSingleRowMode(connection_);
  }
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;
  ~RowStream() override {
    if (done_) return;
    result_.reset();
    cancel(connection_);
    drain(connection_);
  }

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }

  bool next(std::vector<std::optional<std::string_view>>& row) override {
    if (done_) return false;
    result_.reset(PQgetResult(connection_));
    const auto status = PQresultStatus(result_.get());
    if (status == PGRES_TUPLES_OK) {  // comes last, without a row
      check_columns();
      finish();
      return false;
    }
    if (status != PGRES_SINGLE_TUPLE) {
      const auto failed = std::move(result_);
      finish();
      throw_server_error(connection_, failed.get());
    }
    check_columns();
    row.resize(columns_.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const int column = static_cast<int>(i);
      if (PQgetisnull(result_.get(), 0, column) != 0) {
        row[i].reset();
      } else {
        row[i].emplace(PQgetvalue(result_.get(), 0, column),
                       static_cast<std::size_t>(PQgetlength(result_.get(), 0, column)));
      }
    }
    return true;
  }

 private:
  void check_columns() const {
    if (static_cast<std::size_t>(PQnfields(result_.get())) != columns_.size()) {
      throw std::logic_error("a streamed query has other columns than were declared");
    }
  }

  void finish() noexcept {
    result_.reset();
    drain(connection_);
    done_ = true;
  }

  pg_conn* connection_;
  std::vector<Column> columns_;
  RawResult result_;
  bool done_ = false;
};

class ByteStream : public ByteSource {
 public:
  ByteStream(Connection& connection, std::string sql, Params params)
      : connection_(connection.raw()), sql_(std::move(sql)), params_(std::move(params)) {
    params_.resize(params_.size() + 2);
    params_.back() = std::to_string(chunk_size);
  }

  std::size_t read(char* out, std::size_t size) override {
    if (position_ == available()) {
      if (last_) return 0;
      fetch();
      if (available() == 0) return 0;
    }
    const auto count = std::min(size, available() - position_);
    std::memcpy(out, PQgetvalue(chunk_.get(), 0, 0) + position_, count);
    position_ += count;
    return count;
  }

 private:
  static constexpr std::size_t chunk_size = 1U << 20U;

  [[nodiscard]] std::size_t available() const {
    if (!chunk_ || PQntuples(chunk_.get()) == 0) return 0;
    return static_cast<std::size_t>(PQgetlength(chunk_.get(), 0, 0));
  }

  void fetch() {
    chunk_.reset();
    params_[params_.size() - 2] = std::to_string(offset_);
    const auto values = param_pointers(params_);
    constexpr int binary = 1;
    chunk_.reset(PQexecParams(connection_, sql_.c_str(), static_cast<int>(values.size()), nullptr,
                              values.data(), nullptr, nullptr, binary));
    if (PQresultStatus(chunk_.get()) != PGRES_TUPLES_OK) {
      const auto failed = std::move(chunk_);
      last_ = true;
      throw_server_error(connection_, failed.get());
    }
    position_ = 0;
    offset_ += available();
    last_ = available() < chunk_size;
  }

  pg_conn* connection_;
  std::string sql_;
  Params params_;
  RawResult chunk_;
  std::size_t position_ = 0;  ///< in the chunk
  std::size_t offset_ = 1;    ///< of the next chunk, as substring() counts
  bool last_ = false;
};

}  // namespace

std::unique_ptr<RowSource> stream_rows(Connection& connection, const std::string& sql,
                                       const Params& params, std::vector<Column> columns) {
  return std::make_unique<RowStream>(connection, sql, params, std::move(columns));
}

std::unique_ptr<ByteSource> stream_bytes(Connection& connection, std::string chunk_sql,
                                         Params params) {
  return std::make_unique<ByteStream>(connection, std::move(chunk_sql), std::move(params));
}

}  // namespace dsar::pg
