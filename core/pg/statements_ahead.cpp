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

StatementsAhead::StatementsAhead(Connection& connection, const std::string& conninfo,
                                 std::size_t connections, std::vector<AheadStatement> statements) {
  for (auto& one : statements) entries_.push_back({std::move(one)});
  const auto wanted = std::min(connections, entries_.size());
  if (wanted == 0) return;
  const auto snapshot = export_snapshot(connection);
  if (snapshot.empty()) return;
  at_work_ = wanted;
  for (std::size_t i = 0; i < wanted; ++i) {
    threads_.emplace_back([this, conninfo, snapshot](const std::stop_token& stop) {
      try {
        work(stop, conninfo, snapshot);
      } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the asker meets it
      }
      {
        const std::lock_guard lock(mutex_);
        --at_work_;
      }
      changed_.notify_all();
    });
  }
}

StatementsAhead::~StatementsAhead() {
  for (auto& thread : threads_) thread.request_stop();
}

std::unique_ptr<Result> StatementsAhead::take(const SqlStatement& statement) {
  std::unique_lock lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) {
    return one.ahead.statement.text == statement.text &&
           one.ahead.statement.params() == statement.params();
  });
  if (found == entries_.end()) return nullptr;
  changed_.wait(lock, [&] { return found->state == State::ended || at_work_ == 0; });
  return std::move(found->result);
}

void StatementsAhead::work(const std::stop_token& stop, const std::string& conninfo,
                           const std::string& snapshot) {
  Connection connection(conninfo);
  const Transaction transaction(connection, TransactionMode::read_only);
  connection.exec("SET TRANSACTION SNAPSHOT " + string_literal(snapshot));
  const CancelOnStop cancel(connection, stop);
  while (!stop.stop_requested()) {
    auto* entry = next();
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
  const std::lock_guard lock(mutex_);
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
  changed_.notify_all();
}

}  // namespace dsar::pg
