#pragma once

#include "core/pg/connection.hpp"
#include "core/zone.hpp"

namespace dsar::cmd {

/// What only the server knows: that now is not later than its clock. Throws Error (refused).
void refuse_future(pg::Connection& connection, Instant now);

}  // namespace dsar::cmd
