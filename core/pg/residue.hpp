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
  std::uint64_t rows = 0;
  std::vector<std::vector<std::string>> keys;  ///< of the first of them; empty: the table has none
};

struct ResidueScan {
  std::vector<std::string> kinds;  ///< of the identities that were searched for
  std::size_t tables = 0;          ///< that were looked through
  std::vector<Residue> found;
  std::vector<Omission> cannot_see;
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
