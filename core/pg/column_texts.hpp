#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/pg/connection.hpp"

namespace dsar::pg {

/// Tells what a column holds as text, empty for NULL, in each row of the set's table, with the
/// row's key. Nothing where the table has no key or no such column any more. Expects an open
/// Transaction.
void column_texts(
    Connection& connection, const Catalogue& catalogue, const SetRef& set,
    const std::string& column,
    const std::function<void(const std::vector<std::string>& key, const std::string& text)>& each);

}  // namespace dsar::pg
