#pragma once

#include <string>
#include <vector>

#include "core/choice.hpp"
#include "core/selection.hpp"
#include "core/sql.hpp"

namespace dsar {

/// Where the map wants a choice written: a set that is reached, and its column.
struct ChoiceColumn {
  SetRef set;
  std::string column;
  std::vector<ReachPath> paths;  ///< by which rows are the subject's; none only mentions them
};

/// All of them for these choices of the map's. With a purpose only in sets that say what a consent
/// is for.
std::vector<ChoiceColumn> choice_columns(const std::vector<SetSelection>& selections,
                                         const std::vector<SubjectChoice>& choices,
                                         const std::string& purpose);

/// Writes the choice into the rows that do not have it yet: true, or the date or time `at`
/// (RFC 3339); or, `lifted`, takes it out of those that do: false, or NULL.
SqlStatement choice_statement(const ReachContext& context, const ChoiceColumn& column,
                              const std::string& purpose, const std::string& at, bool lifted);

}  // namespace dsar
