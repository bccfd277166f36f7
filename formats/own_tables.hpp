#pragma once

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"

namespace dsar::formats {

/// The map with what is built in of the tool's own schema: holds and requests store identities, so
/// they are found, exported, retained and checked like the rest. They hang on every set whose rows
/// are subjects, by the keys that were recorded as one person's for certain. `map` has been read
/// and is valid.
DataMap with_own_tables(DataMap map);

/// The same for one database: tables that it lacks are left out, and links say how rows are told
/// apart there.
DataMap with_own_tables(DataMap map, const Catalogue& catalogue);

}  // namespace dsar::formats
