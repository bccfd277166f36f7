#pragma once

#include <vector>

#include "core/catalogue.hpp"
#include "core/finding.hpp"

/// Map against catalogue: what can be told without reading a row. core/pg/map_check adds what only
/// the server knows.
namespace dsar {

/// Missing tables and columns, types that cannot be compared, tables and columns that nobody has
/// classified, names that look personal but are declared otherwise, masks that do not fit,
/// cascades and triggers that the map does not know, subjects without a key.
std::vector<Finding> check_map(const DataMap& map, const Catalogue& catalogue);

}  // namespace dsar
