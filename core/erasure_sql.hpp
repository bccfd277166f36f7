#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/erasure_rows.hpp"
#include "core/held.hpp"
#include "core/mask_sql.hpp"
#include "core/reach.hpp"
#include "core/selection.hpp"
#include "core/sweep_conditions.hpp"

/// The statements by which an erasure reads what it decides on.
namespace dsar {

/// A way by which rows elsewhere refer to rows of a set, and may keep them from going.
struct Referring {
  TableName table;
  std::vector<ColumnPair> match;  ///< column of that table = column of the set's
  bool shares = false;            ///< the map's `unless_referenced_by`; otherwise a foreign key
  bool cascades = false;          ///< the key would take the referring rows along
};

/// What refers to rows of the set: foreign keys that keep a row while referring rows stay (or would
/// take those along), and what the map says of shared rows.
std::vector<Referring> referring(const DataMap& map, const Catalogue& catalogue, const SetRef& set);

/// Columns of rows that stay which the erasure changes before rows of the set go.
struct Releasing {
  Referrer referrer;
  std::string column;  ///< that refers
  std::string target;  ///< the set's column that it refers to
};

/// What the map says may be set to NULL, or points elsewhere, and the database does not do itself.
std::vector<Releasing> releasing(const DataMap& map, const Catalogue& catalogue, const SetRef& set);

/// Which columns an erasure masks in rows of the set.
MaskScope mask_scope(const SetRef& set);

/// Whether rows of the set can stay without what is personal in them: every column that a mask
/// changes has one that fits, and there is one.
bool can_be_masked(const Catalogue& catalogue, const SetRef& set);

/// Whether the role can tell that a row is masked: it may write secrets without reading them.
bool shows_masks(const Catalogue& catalogue, const SetRef& set);

/// The links by which rows hang on rows of the set and that no foreign key enforces: such rows may
/// be added when the row they hang on is about to go, or has gone.
std::vector<ReachStep> loose_links(const DataMap& map, const Catalogue& catalogue,
                                   const SetRef& set);

/// What has to be known of every row of the set: its address, and by what others refer to it.
ErasureRows empty_rows(const DataMap& map, const Catalogue& catalogue, const SetRef& set);

/// The rows of way `index`: their columns as text, then whether a hold or an open request keeps
/// the row, whether the law does, and whether it is masked already. `lock`: FOR UPDATE. `only`:
/// none but the rows that it names; nullptr: all.
SqlStatement reached_statement(const ReachContext& context, const SweepWorld& world,
                               const SetSchedule* schedule, const SetSelection& selection,
                               std::size_t index, const ErasureRows& rows, bool lock,
                               const SubjectKeys* only = nullptr);

/// The same of the rows that `keys` names.
SqlStatement named_statement(const ReachContext& context, const SweepWorld& world,
                             const SetSchedule* schedule, const SubjectKeys& keys,
                             const ErasureRows& rows, bool lock);

/// The same of rows that hang on rows that are gone, or about to be.
SqlStatement arrivals_statement(const ReachContext& context, const SweepWorld& world,
                                const SetSchedule* schedule, const ReachStep& step,
                                const ErasureRows& parents, const std::vector<std::size_t>& gone,
                                const ErasureRows& rows, bool lock);

/// Which of the `chosen` rows `held` keeps: their numbers, from 1.
SqlStatement held_statement(const DataMap& map, const Catalogue& catalogue, const Held& held,
                            const ErasureRows& rows, const std::vector<std::size_t>& chosen);

/// How a row that refers stands in the way.
enum class Obstacle : std::uint8_t {
  none = 0,       ///< it goes too
  others = 1,     ///< it is somebody else's
  stays = 2,      ///< it is the subject's, and stays
  held = 3,       ///< a hold or a request keeps it
  uncovered = 4,  ///< the map says nothing about it
};

/// Rows of the referring table that are the subject's: which, and how each stands in the way.
struct ReferringRows {
  const ErasureRows* rows = nullptr;
  std::vector<Obstacle> obstacles;
};

/// Which of the `chosen` rows are referred to by a row that does not go: their numbers from 1, the
/// greatest obstacle, and how many rows refer.
SqlStatement referred_statement(const DataMap& map, const Referring& by, const ErasureRows& rows,
                                const std::vector<std::size_t>& chosen,
                                const std::vector<ReferringRows>& own);

/// The latest clock of the chosen rows as clock_text; nothing where the set has none of its own.
std::optional<SqlStatement> latest_clock_statement(const SweepWorld& world, const ErasureRows& rows,
                                                   const std::vector<std::size_t>& chosen,
                                                   const Zone& zone);

/// Objects outside the database that belong to the chosen rows: store and key.
std::optional<SqlStatement> objects_statement(const ErasureRows& rows,
                                              const std::vector<std::size_t>& chosen);

}  // namespace dsar
