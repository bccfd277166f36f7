#pragma once

#include <string_view>

#include "core/map/data_map.hpp"

namespace dsar {

/// The tool's own schema, which no map describes: a part that is built in does.
inline constexpr std::string_view own_schema = "dsar";

/// What the names of its record sets begin with, and no others do.
inline constexpr std::string_view own_prefix = "dsar_";

inline bool is_own(const TableName& table) {
  return table.schema == own_schema;
}

}  // namespace dsar
