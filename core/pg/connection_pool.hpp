#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/pg/connection.hpp"

namespace dsar::pg {

class ConnectionPool;

/// A connection that goes back to its pool, unless it was lost or is left in a transaction.
class LentConnection {
 public:
  LentConnection(ConnectionPool& pool, std::unique_ptr<Connection> connection)
      : pool_(pool), connection_(std::move(connection)) {}
  ~LentConnection();
  LentConnection(LentConnection&&) noexcept = default;

  Connection& get() { return *connection_; }
  /// Closes it at once: nobody else is to have it.
  void close() { connection_.reset(); }

 private:
  ConnectionPool& pool_;
  std::unique_ptr<Connection> connection_;  ///< none once it is somebody else's, or closed
};

/// Further connections to one database, for any thread, which outlives what it lends.
class ConnectionPool {
 public:
  /// `conninfo`: as of a Connection.
  explicit ConnectionPool(std::string conninfo) : conninfo_(std::move(conninfo)) {}

  /// Begins to open so many, beside whatever the caller goes on with. What goes wrong is met by
  /// those to whom they would be lent.
  void open_ahead(std::size_t count);

  /// One that nobody has; where there is none, a new one. Throws as Connection does.
  LentConnection lend();

 private:
  friend class LentConnection;
  using Owned = std::unique_ptr<Connection>;

  void give_back(Owned connection);
  Owned take_idle();
  std::future<Owned> take_opening();

  std::string conninfo_;
  std::mutex mutex_;
  std::vector<Owned> idle_;
  std::vector<std::future<Owned>> opening_;
};

}  // namespace dsar::pg
