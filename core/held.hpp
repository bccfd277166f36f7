#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/reach.hpp"
#include "core/sql.hpp"

/// What legal holds, open requests and restrictions keep from being deleted.
namespace dsar {

/// A subject whose rows a hold or an open request keeps.
struct HeldSubject {
  std::string by;          ///< `hold 12`, `request 7`, `restriction 3`
  std::string tenant_key;  ///< empty: the map has no tenants
  SubjectKeys keys;        ///< every row that is the subject, or was when the hold was placed
};

/// The rows of a record set.
struct HeldSet {
  std::string by;
  std::string tenant_key;  ///< empty: of every tenant
  std::string set;
  std::optional<SqlFragment> predicate;  ///< nothing: all its rows
};

struct HeldTenant {
  std::string by;
  std::string tenant_key;
};

/// All of it, resolved for one database at one epoch.
struct Held {
  std::int64_t epoch = 0;
  std::vector<HeldSubject> subjects;
  /// Rows on which held subjects' rows hang, of sets that have a key, as they were at this epoch;
  /// nothing: not looked up, so that the conditions have to say it, which takes far longer.
  std::optional<SubjectKeys> parents;
  std::vector<HeldSet> sets;
  std::vector<HeldTenant> tenants;
};

/// Conditions of which a row of `set`, known as `alias`, meets at least one exactly if it is held.
/// None: nothing can hold it. None of them is ever NULL; most are an EXISTS, which PostgreSQL can
/// turn into a semi-join. A row is held that
/// - belongs to a held tenant;
/// - is reached from a held subject as plan_reach() reaches;
/// - is in a held set, or hangs on such a row along the map's links (mentions are none);
/// - or is a row on which a held row hangs, at whatever distance: held rows keep their parents.
/// Everything stays within the tenant. The alias is the only table in the FROM of its level, and
/// no alias that begins with `held` is in sight. Throws Error: refused where a hold names a record
/// set that the map no longer has (nothing may be deleted until that is settled), usage where the
/// database lacks what the map names.
std::vector<std::string> held_conditions(const DataMap& map, const Catalogue& catalogue,
                                         const Held& held, const SetRef& set,
                                         const std::string& alias, SqlStatement& statement);

/// The query of the keys that Held::parents has for this set; nothing where no held subject's row
/// can hang on a row of it, or its rows have no key.
std::optional<SqlStatement> held_parents_statement(const DataMap& map, const Catalogue& catalogue,
                                                   const Held& held, const SetRef& set);

/// The same as one condition in brackets; empty where nothing can hold a row of the set.
std::string held_condition(const DataMap& map, const Catalogue& catalogue, const Held& held,
                           const SetRef& set, const std::string& alias, SqlStatement& statement);

}  // namespace dsar
