#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/reach.hpp"
#include "core/row_source.hpp"

/// Selection: which columns and rows of a record set answer a subject's request, and what is left
/// out and why. Decided from map and catalogue, before anything is read.
namespace dsar {

/// A column of the answer.
struct SelectedColumn {
  Column column;
  const ColumnRule* rule = nullptr;
  bool bytes = false;  ///< bytea: the row has its length, the content is an entry of its own
  /// For each of rule->third_parties the hidden column that says where it holds; none: in all rows.
  std::vector<std::optional<std::size_t>> when;
};

/// Something left out of the answer, or something that the role may not look at.
struct Omission {
  std::string what;  ///< record set, or set.column
  std::string reason;
};

struct SetSelection {
  SetRef set;
  std::vector<ReachPath> paths;  ///< readable ways that can lead to this subject's rows
  std::vector<SelectedColumn> columns;
  std::vector<std::string> key;        ///< columns that order the rows; empty: by position
  std::size_t hidden = 0;              ///< booleans after the columns, for `when`
  std::vector<Omission> secrets;       ///< never exported
  std::vector<Omission> unclassified;  ///< the map says nothing of them: not exported
  std::vector<Omission> cannot_see;    ///< missing privilege, row-level security, not there
};

/// The ways: `messages <- conversations <- visitors; messages <- visitors`
std::string describe(const SetSelection& selection);

/// For every record set with a way to one of the subject's rows, or that cannot be seen.
std::vector<SetSelection> select_sets(const ReachContext& context);

/// Adds the root sets that could not be searched for the subject, and the sets that only hang on
/// those of the subject's own kind: their rows cannot be known either.
void add_unseen(const DataMap& map, const std::string& subject, const std::vector<Omission>& roots,
                std::vector<SetSelection>& selections);

/// The rows of a set, each once: its columns, the hidden ones, what orders them.
SqlStatement rows_statement(const ReachContext& context, const SetSelection& selection);

/// How many rows that gives.
SqlStatement count_statement(const ReachContext& context, const SetSelection& selection);

/// For a bytea column, in the order of the rows: per value that is not NULL its length, then what
/// addresses it (key columns as text, or tableoid and ctid).
SqlStatement bytes_statement(const ReachContext& context, const SetSelection& selection,
                             const std::string& column);

/// One such value in chunks: takes offset (from 1) and length as the last two parameters.
SqlStatement chunk_statement(const ReachContext& context, const SetSelection& selection,
                             const std::string& column, const std::vector<std::string>& address);

/// Objects outside the database that belong to the rows: store and key, of each object rule.
std::vector<SqlStatement> object_statements(const ReachContext& context,
                                            const SetSelection& selection);

/// The columns as the stream of rows_statement gives them: selected, hidden, then what orders them.
std::vector<Column> stream_columns(const SetSelection& selection);

}  // namespace dsar
