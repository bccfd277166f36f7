#pragma once

#include <string>

#include "cmd/ledger_rows.hpp"

/// Doing again what a restore has undone, other than erasures: holds, choices, and their ends.
namespace dsar::cmd {

/// Whether the entry says what it takes; entries from before that was kept do not.
bool can_be_repeated(const LedgerEntry& entry);

/// One line: what repeating it would do, or that it is to be done by hand.
std::string plan_to_repeat(const LedgerEntry& entry, const RowsBack& there);

/// What repeating it came to.
struct Repeated {
  std::string outcome;   ///< one line
  bool settled = false;  ///< nothing is left to do
};

/// Does it again in a transaction of its own, with an entry in the audit trail and one in the
/// ledger. `there`: what is there of the entry's rows. Throws Error.
Repeated repeat(Context context, const std::string& key, const LedgerEntry& entry);

}  // namespace dsar::cmd
