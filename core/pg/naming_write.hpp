#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/sql.hpp"

namespace dsar::pg {

/// Runs one statement that writes a value somebody gave; its rows, as text. `what`: where the value
/// goes (`visitors.email`). Where the database refuses the value, throws Error (usage) that names
/// table, column, type or constraint and never the value.
std::vector<std::vector<std::optional<std::string>>> naming_write(Connection& connection,
                                                                  const SqlStatement& statement,
                                                                  const std::string& what);

/// Checks deferred constraints now. Errors as above.
void check_deferred(Connection& connection);

}  // namespace dsar::pg
