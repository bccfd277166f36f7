#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/map/data_map.hpp"

namespace dsar {

/// A table that the map's questions read, and which of its columns.
struct ReadAccess {
  TableName table;
  std::set<std::string> columns;  ///< those the map names, but for those secret in every set
  bool has_secrets = false;       ///< there are others, which nobody needs to read
};

/// What finding and exporting read: the tables with record sets, and those that links, identities,
/// tenants and references lead through. Ordered by name.
std::vector<ReadAccess> read_access(const DataMap& map);

/// The columns that the map says something of, for the table or for one of its record sets.
std::set<std::string> classified_columns(const Table& table);

}  // namespace dsar
