#pragma once

#include <memory>
#include <string>

#include "core/pg/connection.hpp"

namespace dsar::pg {

struct CloseConnection {
  void operator()(pg_conn* connection) const noexcept;
};
using RawConnection = std::unique_ptr<pg_conn, CloseConnection>;

/// Connects, and refuses what the tool cannot work with. Throws Error: usage for a connection
/// string that libpq does not understand, database when there is no way in, refused for a database
/// without an encoding. No message repeats the connection string.
RawConnection open_connection(const std::string& conninfo);

}  // namespace dsar::pg
