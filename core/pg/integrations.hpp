#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/pg/connection.hpp"

namespace dsar::pg {

/// The integrations that the tenant with this key has enabled, sorted, each once; nothing where the
/// map or the database does not say, or the role may not read it.
std::optional<std::vector<std::string>> enabled_integrations(Connection& connection,
                                                             const DataMap& map,
                                                             const Catalogue& catalogue,
                                                             const std::string& tenant_key);

}  // namespace dsar::pg
