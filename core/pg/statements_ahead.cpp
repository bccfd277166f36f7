#include "core/pg/statements_ahead.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/pg/cancel_on_stop.hpp"

namespace dsar::pg {
namespace {

/// The name of the connection's snapshot; empty where the role may not export it.
std::string export_snapshot(Connection& connection) {
  // Asked first: a refusal would end the transaction.
  const auto may = connection.exec(
      "SELECT has_function_privilege('pg_catalog.pg_export_snapshot()', 'EXECUTE')");
  if (may->text(0, 0) != "t") return {};
  return connection.exec("SELECT pg_catalog.pg_export_snapshot()")->text(0, 0);
}

}  // namespace

StatementsAhead::StatementsAhead(Connection& connection, ConnectionPool& pool, std::size_t others,
                                 std::vector<AheadStatement> statements)
    : connection_(connection) {
  for (auto& one : statements) entries_.push_back({std::move(one)});
  // One is the asker's.
  const auto wanted = entries_.empty() ? 0 : std::min(others, entries_.size() - 1);
  if (wanted == 0) return;
  const auto snapshot = export_snapshot(connection);
  if (snapshot.empty()) return;
  for (std::size_t i = 0; i < wanted; ++i) {
    threads_.emplace_back([this, &pool, snapshot](const std::stop_token& stop) {
      try {
        auto lent = pool.lend();
        work(stop, lent, snapshot);
      } catch (const std::exception&) {
        return;  // the asker meets it, or manages without
      }
    });
  }
}

StatementsAhead::~StatementsAhead() {
  for (auto& thread : threads_) thread.request_stop();
}

std::unique_ptr<Result> StatementsAhead::answer(const AheadStatement& asked) {
  std::unique_lock lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) {
    return one.ahead.statement.text == asked.statement.text &&
           one.ahead.statement.params() == asked.statement.params();
  });
  if (found != entries_.end()) {
    if (found->state == State::waiting) found->state = State::ended;
    while (found->state != State::ended) {
      if (auto* later = next()) {
        lock.unlock();
        end(*later, put_later(later->ahead));
        lock.lock();
      } else {
        ended_.wait(lock, [&] { return found->state == State::ended; });
      }
    }
    if (auto known = std::move(found->result)) return known;
  }
  lock.unlock();
  return asked.put(connection_, asked.statement);
}

/// Nothing where it fails: whoever looks at that set is to be told.
std::unique_ptr<Result> StatementsAhead::put_later(const AheadStatement& later) {
  try {
    Savepoint savepoint(connection_);
    auto result = later.put(connection_, later.statement);
    savepoint.keep();
    return result;
  } catch (const ServerError&) {
    return nullptr;
  }
}

void StatementsAhead::work(const std::stop_token& stop, LentConnection& lent,
                           const std::string& snapshot) {
  try {
    const Transaction transaction(lent.get(), TransactionMode::read_only);
    lent.get().exec("SET TRANSACTION SNAPSHOT " + string_literal(snapshot));
    const CancelOnStop cancel(lent.get(), stop);
    put_all(stop, lent.get());
  } catch (const std::exception&) {
    lent.close();
    throw;
  }
  // A request to cancel may still be on its way, and would meet whatever is asked next.
  if (stop.stop_requested()) lent.close();
}

void StatementsAhead::put_all(const std::stop_token& stop, Connection& connection) {
  while (!stop.stop_requested()) {
    Entry* entry = nullptr;
    {
      const std::lock_guard lock(mutex_);
      entry = next();
    }
    if (entry == nullptr) return;
    try {
      end(*entry, entry->ahead.put(connection, entry->ahead.statement));
    } catch (const std::exception&) {
      end(*entry, nullptr);
      throw;
    }
  }
}

StatementsAhead::Entry* StatementsAhead::next() {
  const auto waiting = std::find_if(entries_.begin(), entries_.end(),
                                    [](const Entry& one) { return one.state == State::waiting; });
  if (waiting == entries_.end()) return nullptr;
  waiting->state = State::running;
  return &*waiting;
}

void StatementsAhead::end(Entry& entry, std::unique_ptr<Result> result) {
  {
    const std::lock_guard lock(mutex_);
    entry.result = std::move(result);
    entry.state = State::ended;
  }
  ended_.notify_all();
}

}  // namespace dsar::pg
