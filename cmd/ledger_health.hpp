#pragma once

#include <vector>

#include "cmd/context.hpp"
#include "core/health.hpp"
#include "core/pg/connection.hpp"

namespace dsar::cmd {

/// Whether the ledger can be read and written, is whole, and knows nothing that the database does
/// not. No lines without --ledger. Changes nothing.
std::vector<HealthLine> check_ledger(const Context& context, pg::Connection& connection);

}  // namespace dsar::cmd
