#pragma once

#include "core/catalogue.hpp"
#include "core/pg/connection.hpp"

namespace dsar::pg {

/// Reads tables, columns, keys, indexes, triggers, privileges and row security of the connected
/// role: all schemas but the system's, the tool's own too. A handful of queries whatever the size.
Catalogue read_catalogue(Connection& connection);

}  // namespace dsar::pg
