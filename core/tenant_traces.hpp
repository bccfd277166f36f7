#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/selection.hpp"
#include "core/sql.hpp"

/// Where a tenant's key may stand although the map does not say that these rows are the tenant's.
namespace dsar {

/// Such a column, and how many rows name the tenant in it.
struct TenantTrace {
  TableName table;
  std::string column;
  std::uint64_t rows = 0;
};

/// The count that ends the erasure of a whole tenant.
struct TenantCount {
  std::uint64_t record_sets = 0;  ///< of the tenant: nothing is left in them but what is withheld
  std::uint64_t columns = 0;      ///< others that were looked at
  std::vector<TenantTrace> found = {};  ///< those of them in which the tenant is named still
  std::vector<Omission> cannot_see = {};
};

/// Columns that refer to the tenants' table, or are called as the map's columns are that hold a
/// tenant's key; those by which the map knows rows to be a tenant's are left out. What the role
/// cannot see goes to `cannot_see`.
std::vector<TenantTrace> tenant_traces(const DataMap& map, const Catalogue& catalogue,
                                       std::vector<Omission>& cannot_see);

/// Counts the rows that name the tenant in the column.
SqlStatement trace_statement(const DataMap& map, const Catalogue& catalogue,
                             const TenantTrace& trace, const std::string& tenant_key);

}  // namespace dsar
