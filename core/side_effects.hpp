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

/// The same for triggers that fire on UPDATE: one may keep what a row was before.
std::vector<SideEffect> unknown_update_triggers(const Table& table, const Catalogue& catalogue);

/// A foreign key ON DELETE CASCADE, and the table whose rows it takes away.
struct Cascade {
  const CatalogueTable* from;
  const CatalogueForeignKey* key;
};

/// The keys that take rows away when rows of the table go.
std::vector<Cascade> cascades_to(const TableName& table, const Catalogue& catalogue);

}  // namespace dsar
