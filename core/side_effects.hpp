#pragma once

#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"

/// What deleting rows would set off beyond the rows themselves.
namespace dsar {

/// One that the map does not know of.
struct SideEffect {
  const char* rule;     ///< the finding's: `unknown-cascade`, `unknown-trigger`
  std::string message;  ///< one line
  std::string hint;     ///< a sentence
};

/// Cascading foreign keys to the table, and triggers on it, that fire on DELETE and that the map
/// does not name. None where the database lacks the table.
std::vector<SideEffect> unknown_side_effects(const Table& table, const Catalogue& catalogue);

/// Whether a key takes rows away when rows of the table go.
bool has_cascades(const TableName& table, const Catalogue& catalogue);

}  // namespace dsar
