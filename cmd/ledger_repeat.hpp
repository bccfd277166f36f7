#pragma once

#include <string>

#include "cmd/ledger_rows.hpp"

/// Doing again what a restore has undone, other than erasures: holds, choices, and their ends.
namespace dsar::cmd {

/// Whether the entry says what it takes; entries from before that was kept do not.
bool can_be_repeated(const LedgerEntry& entry);

/// One line: what repeating it would do, or that it is to be done by hand.
std::string plan_to_repeat(Reading& reading, const LedgerEntry& entry, const RowsBack& there);

/// What repeating it came to.
struct Repeated {
  std::string outcome;   ///< one line
  bool settled = false;  ///< nothing is left to do
};

/// Whether what was put right still is: nothing is changed, since the ledger has no values.
Repeated check_rectification(Reading& reading, const std::string& key, const LedgerEntry& entry);

/// Does it again in a transaction of its own, with an entry in the audit trail and one in the
/// ledger; of a rectification it only looks. Throws Error.
Repeated repeat(Context context, const std::string& key, const LedgerEntry& entry);

}  // namespace dsar::cmd
