#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/map/data_map.hpp"
#include "core/sql.hpp"

/// Reach: from a subject's own rows to every row that hangs on them, along the map's links.
namespace dsar {

/// One step towards the subject: rows of `from` hang on rows of `to`.
struct ReachStep {
  SetRef from;
  const Link* link = nullptr;
  SetRef to;
};

/// One way from a record set to a root (a set whose rows are subjects, or another that ways are
/// planned to). No steps: the root itself.
struct ReachPath {
  SetRef root;
  std::vector<ReachStep> steps;
  Relation relation = Relation::about;
};

/// A record set and all ways to it. A row that several ways lead to counts for the first of them.
struct SetReach {
  SetRef set;
  std::vector<ReachPath> paths;
};

/// Every record set of the map with its ways, in the map's order; a set that no way leads to has
/// none (validate() names it). Throws Error (usage) for a cycle of links, naming it.
std::vector<SetReach> plan_reach(const DataMap& map);

/// Where ways end: the relation that the set's rows have to what is looked for; nothing: ways do
/// not end at this set.
using WayEnd = std::function<std::optional<Relation>(const SetRef&)>;

/// The same with other ends than the map's roots.
std::vector<SetReach> plan_ways(const DataMap& map, const WayEnd& end);

/// Whether what hangs by the link on a row follows a subject who has this relation to that row.
bool follows(const Link& link, Relation relation);

/// `messages <- conversations <- visitors`
std::string describe(const ReachPath& path);

/// The subject's own rows: root set → keys, each with one text value per key column.
using SubjectKeys = std::map<std::string, std::vector<std::vector<std::string>>>;

/// What shapes a statement for one subject: where, who, and within which tenant.
struct ReachContext {
  const DataMap& map;
  const Catalogue& catalogue;
  const SubjectKeys& keys;
  std::string tenant_key;  ///< value of the tenants' key as text; empty: the map has no tenants
};

/// The ways that can lead to rows for these keys.
std::vector<ReachPath> live_paths(const SetReach& reach, const SubjectKeys& keys);

/// `FROM … WHERE …` of the set's rows on way `index` of `paths` that no earlier way leads to; the
/// set's table is "t0". Each way is a conjunction of EXISTS, which PostgreSQL turns into
/// semi-joins; ways are kept apart (UNION ALL) because an OR of them would scan the table.
std::string from_where(const ReachContext& context, const SetRef& set,
                       const std::vector<ReachPath>& paths, std::size_t index,
                       SqlStatement& statement);

/// The columns of tables that a way reads, to tell beforehand whether the role may.
std::map<TableName, std::vector<std::string>> columns_read(const ReachContext& context,
                                                           const SetRef& set,
                                                           const ReachPath& path);

}  // namespace dsar
