#pragma once

#include <optional>
#include <string>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"

/// Which optional integrations a tenant has enabled, as SQL over the map's tenants. All functions
/// expect a map whose tenants say where their integrations stand.
namespace dsar {

/// A statement without its WHERE: per enabled integration a row, or one without; first whether
/// anything is known, then the name. The tenants' table is "t0".
std::string integrations_sql(const DataMap& map, const Catalogue& catalogue);

/// Why the role cannot read them; nothing when it can.
std::optional<std::string> cannot_read_integrations(const DataMap& map, const Catalogue& catalogue);

}  // namespace dsar
