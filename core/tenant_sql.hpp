#pragma once

#include <string>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/sql.hpp"

/// To which tenant a row belongs, as SQL.
namespace dsar {

/// The condition that a row of `table`, known as `alias`, belongs to the tenant with this key;
/// empty where the table is global, the map has no tenants, or `tenant_key` is empty.
std::string tenant_condition(const DataMap& map, const Catalogue& catalogue, const Table& table,
                             const std::string& alias, const std::string& tenant_key,
                             SqlStatement& statement);

/// Whether rows of the table belong to a tenant; otherwise it is global.
bool has_tenant(const DataMap& map, const Table& table);

/// The condition that two rows belong to the same tenant; empty where either table is global.
std::string same_tenant(const DataMap& map, const Catalogue& catalogue, const Table& table,
                        const std::string& alias, const Table& other,
                        const std::string& other_alias);

/// The key of a row's tenant as a text expression; `''` for a global table, NULL for a row that
/// belongs to none.
std::string tenant_expression(const DataMap& map, const Table& table, const std::string& alias);

}  // namespace dsar
