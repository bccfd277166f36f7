#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/sql.hpp"

namespace dsar::pg {

/// A question for the server, and how to put it to a connection where exec alone will not do.
struct AheadStatement {
  SqlStatement statement;
  std::function<std::unique_ptr<Result>(Connection&, const SqlStatement&)> put;
};

/// Questions that will be asked one after another on one connection, put beforehand on several
/// others, in the same snapshot. Whatever goes wrong there, a lost connection or a missing right,
/// is met again by the one who asks.
class StatementsAhead {
 public:
  /// `connection` has an open read-only Transaction without a savepoint, and outlives this.
  StatementsAhead(Connection& connection, const std::string& conninfo, std::size_t connections,
                  std::vector<AheadStatement> statements);
  /// Cancels what still runs.
  ~StatementsAhead();
  StatementsAhead(const StatementsAhead&) = delete;
  StatementsAhead& operator=(const StatementsAhead&) = delete;

  /// The answer, once it is there; nothing where the asker has to run the statement.
  std::unique_ptr<Result> take(const SqlStatement& statement);

 private:
  enum class State { waiting, running, ended };
  struct Entry {
    AheadStatement ahead;
    State state = State::waiting;
    std::unique_ptr<Result> result = {};  ///< none, though ended: the asker is to run it
  };

  void work(const std::stop_token& stop, const std::string& conninfo, const std::string& snapshot);
  Entry* next();
  void end(Entry& entry, std::unique_ptr<Result> result);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
  std::size_t at_work_ = 0;            ///< threads
  std::vector<std::jthread> threads_;  ///< last: they use the others
};

}  // namespace dsar::pg
