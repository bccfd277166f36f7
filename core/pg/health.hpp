#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/health.hpp"
#include "core/pg/connection.hpp"

namespace dsar::pg {

/// Asks the connection, the server and, where there is a pooler in between, a second connection
/// made by `conninfo`. `clock`: what this machine's clock says. To be called outside a transaction.
ServerFacts read_server_facts(Connection& connection, const std::string& conninfo,
                              const std::function<std::chrono::system_clock::time_point()>& clock);

/// What stands between the client and the server, if anything. `conninfo`: what the connection was
/// opened with; where there is a pooler, another connection is opened for a moment.
Pooling find_pooling(Connection& connection, const std::string& conninfo);

}  // namespace dsar::pg
