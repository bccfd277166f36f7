#pragma once

#include "core/pg/connection.hpp"

/// How what is held is changed; internal to core/pg.
namespace dsar::pg {

/// Waits for transactions that delete, keeps new ones waiting until this one ends, and counts the
/// epoch up. The first statement of every transaction that changes what is held.
void change_what_is_held(Connection& connection);

}  // namespace dsar::pg
