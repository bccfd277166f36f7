#pragma once

#include <string>
#include <vector>

#include "core/rectification.hpp"
#include "core/rectified_text.hpp"
#include "core/sql.hpp"

/// What finding and replacing values takes, as SQL.
namespace dsar {

/// The values that count as the old one: for comparison by `place.kind` in its normal spelling.
using OldValues = std::vector<std::string>;

/// The different spellings in which the place holds one of the old values, one a row.
SqlStatement spellings_statement(const ReachContext& context, const Place& place,
                                 const OldValues& old);

/// The different values of the place that are not empty, in the spelling that they are compared in.
SqlStatement distinct_statement(const ReachContext& context, const Place& place);

/// The rows in which the place holds one of the old values: what addresses the row (key columns as
/// text, or tableoid and ctid), each column as text, then of an array the text with `value` in
/// place of the spellings, or of a part the part. Of JSON also rows that have a spelling anywhere.
SqlStatement found_statement(const ReachContext& context, const Place& place, const OldValues& old,
                             const std::vector<std::string>& spellings, const std::string& value);

/// The rows in which the place's one column is empty: what addresses them, and the column.
SqlStatement empty_statement(const ReachContext& context, const Place& place);

/// Writes the new text into the row, unless the column is no longer as it was; gives the row's
/// address and the column as they are then. The value is put into the column as an INSERT would, so
/// that one that is too long is refused and not cut.
SqlStatement rewrite_statement(const Catalogue& catalogue, const SetRef& set,
                               const std::vector<std::string>& address, const NewText& text);

/// Every row of the set's table: its key as text, then the column as text.
SqlStatement column_statement(const Catalogue& catalogue, const SetRef& set,
                              const std::string& column);

/// Per way to the set one statement: how many rows hold one of `texts` (lower case) somewhere in
/// each of the columns.
std::vector<SqlStatement> mention_statements(const ReachContext& context,
                                             const SetSelection& selection,
                                             const std::vector<std::string>& columns,
                                             const std::vector<std::string>& texts);

}  // namespace dsar
