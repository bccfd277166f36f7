#pragma once

#include <string>

#include "core/map/data_map.hpp"

namespace dsar {

/// SQL for an administrator to read and run: three roles without login, each with what its work
/// needs and nothing more, to be granted to those who log in.
///
/// dsar_reader (find, export, reports) may SELECT the map's tables, their secret columns excepted,
/// and what the map's links and tenants lead through. dsar_officer may besides change what the
/// map's erasures and a rectification change; dsar_sweeper what retention changes: tables that
/// have a clock. Running it again takes back what an earlier map had asked for. Without a map
/// (nullptr) only the roles and the tool's own schema.
std::string grants_sql(const DataMap* map);

}  // namespace dsar
