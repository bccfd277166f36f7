#pragma once

#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"

namespace dsar {

/// The tables of the sets in the order in which their rows are deleted: what refers goes before
/// what it refers to. A reference that the database or the map ends first, or that the database
/// checks only at the end, asks for no order. Throws Error (refused) for a cycle, naming it.
std::vector<TableName> deletion_order(const DataMap& map, const Catalogue& catalogue,
                                      const std::vector<SetRef>& sets);

}  // namespace dsar
