#pragma once

#include <vector>

#include "core/catalogue.hpp"
#include "core/finding.hpp"
#include "core/pg/connection.hpp"

namespace dsar::pg {

/// What only the server knows of a map: fragments and links that do not prepare, functions that
/// are volatile, clocks of a type that is no date, rows that no record set or several cover, and
/// sampled content that looks personal in columns declared otherwise. Expects an open read-only
/// Transaction; reads whole tables where several record sets share one. Tables and columns that
/// check_map() reports as missing are passed over.
std::vector<Finding> check_map_live(Connection& connection, const DataMap& map,
                                    const Catalogue& catalogue);

}  // namespace dsar::pg
