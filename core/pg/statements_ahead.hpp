#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/pg/connection_pool.hpp"
#include "core/sql.hpp"

namespace dsar::pg {

/// A question for the server, and how to put it to a connection.
struct AheadStatement {
  using Put = std::unique_ptr<Result> (*)(Connection&, const SqlStatement&);
  SqlStatement statement;
  Put put;
};

/// Questions that will be asked one after another on one connection, put beforehand on others, in
/// the same snapshot. Whatever goes wrong there, a lost connection or a missing right, is met again
/// by the one who asks.
class StatementsAhead {
 public:
  /// `connection`, the asker's, has an open read-only Transaction without a savepoint, and outlives
  /// this; so many `others` are lent for it.
  StatementsAhead(Connection& connection, ConnectionPool& pool, std::size_t others,
                  std::vector<AheadStatement> statements);
  /// Cancels what still runs.
  ~StatementsAhead();
  StatementsAhead(const StatementsAhead&) = delete;
  StatementsAhead& operator=(const StatementsAhead&) = delete;

  /// The answer, for which the asker's connection is used where no other is at it. While another
  /// is, the asker puts a later question.
  std::unique_ptr<Result> answer(const AheadStatement& asked);

 private:
  enum class State { waiting, running, ended };
  struct Entry {
    AheadStatement ahead;
    State state = State::waiting;
    std::unique_ptr<Result> result = {};  ///< none, though ended: the asker is to run it
  };

  void work(const std::stop_token& stop, LentConnection& lent, const std::string& snapshot);
  void put_all(const std::stop_token& stop, Connection& connection);
  Entry* next();  ///< the mutex is held
  void end(Entry& entry, std::unique_ptr<Result> result);
  std::unique_ptr<Result> put_later(const AheadStatement& later);

  Connection& connection_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::vector<Entry> entries_;
  std::vector<std::jthread> threads_;  ///< last: they use the others
};

}  // namespace dsar::pg
