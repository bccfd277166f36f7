#pragma once

#include <vector>

#include "core/fault.hpp"
#include "core/map/data_map.hpp"

namespace dsar {

/// Everything in the map that contradicts itself or cannot be, without looking at a database:
/// names that nothing has, cycles, record sets that no subject leads to, fragments that are no
/// single expression, rules that lack a part. Empty: the map is consistent. Where parts of the
/// file could not be read the map is not `whole`, and what no subject leads to is not judged.
std::vector<Fault> validate(const DataMap& map, bool whole = true);

}  // namespace dsar
