#include "core/pg/connection_pool.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <utility>

namespace dsar::pg {
namespace {

/// The server speaks to an idle connection to say that it ends it.
bool is_silent(const Connection& connection) {
  pollfd socket{PQsocket(connection.raw()), POLLIN, 0};
  return poll(&socket, 1, 0) == 0;
}

}  // namespace

LentConnection::~LentConnection() {
  if (connection_ && PQtransactionStatus(connection_->raw()) == PQTRANS_IDLE)
    pool_.give_back(std::move(connection_));
}

void ConnectionPool::open_ahead(std::size_t count) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < count; ++i)
    opening_.push_back(std::async(std::launch::async, [conninfo = conninfo_] {
      return std::make_unique<Connection>(conninfo);
    }));
}

LentConnection ConnectionPool::lend() {
  while (auto idle = take_idle()) {
    if (is_silent(*idle)) return {*this, std::move(idle)};
  }
  if (auto opening = take_opening(); opening.valid()) return {*this, opening.get()};
  return {*this, std::make_unique<Connection>(conninfo_)};
}

void ConnectionPool::give_back(Owned connection) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

ConnectionPool::Owned ConnectionPool::take_idle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto last = std::move(idle_.back());
  idle_.pop_back();
  return last;
}

std::future<ConnectionPool::Owned> ConnectionPool::take_opening() {
  const std::lock_guard lock(mutex_);
  if (opening_.empty()) return {};
  auto last = std::move(opening_.back());
  opening_.pop_back();
  return last;
}

}  // namespace dsar::pg
