#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/residue.hpp"
#include "core/selection.hpp"

namespace dsar::pg {

/// Rows of one column in which an identity stands.
struct Residue {
  TableName table;
  std::string column;
  bool mapped = false;  ///< the map says that the column holds something personal
  bool redact = false;  ///< the map says that identities in it are redacted
  std::uint64_t rows = 0;
  /// Of the first of them, of all where they are redacted; empty: the table has none.
  std::vector<std::vector<std::string>> keys;
  std::uint64_t redacted = 0;  ///< of the rows, in which none stands any more
  std::uint64_t held = 0;      ///< of the rows, which a hold or an open request keeps as they are
};

/// How many keys of a column's rows are told.
inline constexpr std::size_t told_keys = 20;

struct ResidueScan {
  std::vector<std::string> kinds;  ///< of the identities that were searched for
  std::size_t tables = 0;          ///< that were looked through
  std::vector<Residue> found;
  std::vector<Omission> cannot_see;
  bool closed = false;  ///< what was found has been redacted where the map says so
};

/// Rows by their keys, as text.
using KnownRows = std::map<TableName, std::set<std::vector<std::string>>>;

/// Looks for the identities in every text of the database but the subject's own rows, one pass a
/// table, in the transaction that is open. `table` is told which one is next. Rows are only read;
/// `known` are the subject's too, though nothing leads to them any more.
ResidueScan scan_residue(Connection& connection, const ReachContext& context,
                         const std::vector<Identity>& identities, const KnownRows& known,
                         const std::function<void(const std::string& table)>& progress = {});

}  // namespace dsar::pg
