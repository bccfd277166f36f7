#pragma once

#include "core/pg/connection.hpp"
#include "core/pg/erase_plan.hpp"

/// What an erasure sets off beyond the subject's rows; internal to core/pg.
namespace dsar::pg {

/// Notes what the database does besides, and refuses what the map does not know of.
void add_effects(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                 ErasureDecision& decision);

}  // namespace dsar::pg
