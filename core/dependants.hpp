#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/reach.hpp"

/// Which rows hang on which, by the map's links and the database's foreign keys.
namespace dsar {

/// The links by which rows of `child` hang on rows of `parent`, mentions left out.
std::vector<ReachStep> steps_between(const SetRef& child, const SetRef& parent);

/// The sets whose clocks date rows of `set`: itself, or those that its parents lead to.
std::vector<SetRef> dating_sets(const DataMap& map, const SetRef& set);

/// The sets whose rows go with a row of `parent`, in the same transaction.
std::vector<SetRef> dependants(const DataMap& map, const SetRef& parent);

/// The links by which rows hang on rows of `parent`, at any distance, and go with them: chains of
/// steps, the one at the hanging row first; by the set that they begin at.
std::map<std::string, std::vector<std::vector<ReachStep>>> dependant_chains(const DataMap& map,
                                                                            const SetRef& parent);

/// A foreign key to a set's table, and what becomes of it when a row goes.
struct Referrer {
  const CatalogueTable* table = nullptr;
  const CatalogueForeignKey* key = nullptr;
  enum class Fate {
    database,   ///< the key itself says: SET NULL, SET DEFAULT
    nullified,  ///< the map says that it may be set to NULL
    repointed,  ///< the map says to whom it is pointed instead
    blocks,     ///< while a referring row is there, the row stays
  } fate = Fate::blocks;
  const SqlFragment* to = nullptr;  ///< repointed
};

std::vector<Referrer> referrers(const DataMap& map, const Catalogue& catalogue, const SetRef& set);

/// The map with a record set for each table that holds nothing personal but belongs to tenants:
/// these rows go with a tenant of which everything goes.
DataMap with_tenant_owned_sets(const DataMap& map);

/// Whether rows of `child` have no date but that of rows of `parent`, and are not shared.
bool goes_with(const SetRef& child, const SetRef& parent);

/// Whether the pairs name each of the columns on their far side.
bool covers(const std::vector<std::string>& columns, const std::vector<ColumnPair>& match);

}  // namespace dsar
