#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/reach.hpp"

/// What the connected role can see of a record set: decided from the catalogue before anything is
/// read, so that 'cannot see' never looks like 'nothing there'.
namespace dsar {

/// Why a way to a record set cannot be read; nothing when it can.
std::optional<std::string> cannot_read(const ReachContext& context, const SetRef& set,
                                       const ReachPath& path);

/// Why rows of a table cannot be read at all (missing privilege, row-level security, not there).
std::optional<std::string> cannot_read(const Catalogue& catalogue, const TableName& table,
                                       const std::vector<std::string>& columns);

/// Why it cannot be seen which tenants there are, what policy they live under and what has happened
/// to them; nothing where it can, or the map has no tenants. What is not there is another's to say.
std::optional<std::string> cannot_see_tenants(const DataMap& map, const Catalogue& catalogue);

/// Why subjects cannot be looked for in the root set; nothing where they can.
std::optional<std::string> cannot_search(const Catalogue& catalogue, const SetRef& root);

}  // namespace dsar
