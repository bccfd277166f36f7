#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/reading.hpp"
#include "core/ledger.hpp"
#include "core/pg/connection.hpp"

/// What commands put into the ledger.
namespace dsar::cmd {

/// Throws Error (refused) where the ledger knows of something that the database does not: it was
/// restored from a backup, and whoever goes on destroys what was held or leaves what was erased.
/// Does nothing without --ledger.
void require_level_ledger(const Context& context, pg::Connection& connection);

/// What the ledger knows and the database does not.
struct LedgerGap {
  std::vector<LedgerEntry> lost;       ///< done, and gone with a restore
  std::vector<LedgerEntry> undecided;  ///< nobody knows whether it was done; it is not there
  std::vector<LedgerEntry> unsaid;     ///< it is there, though the ledger does not say so
};
LedgerGap find_gap(const Context& context, pg::Connection& connection);
/// The same, and says in the ledger what is there.
LedgerGap ledger_gap(const Context& context, pg::Connection& connection);

/// The ledger's file and the key of its hashes. Throw Error (usage) where they were not given.
const std::string& required_ledger(const Context& context);
std::string required_ledger_key(const Context& context);

/// The rows that are the subject, by keyed hashes of their keys and of the identities that tell
/// people apart, of the weak ones only where there are no others: a number of the row's own says
/// nothing about whose it is when it is given again, and a household shares its telephone.
/// None without --ledger.
std::vector<LedgerRow> ledger_rows(const Context& context, const DataMap& map,
                                   const FoundSubject& found);

/// What is about to be committed.
struct LedgerNote {
  LedgerKind kind = LedgerKind::erasure;
  std::string id;
  std::string tenant_key;
  std::vector<LedgerRow> rows;
  std::map<std::string, std::string> details = {};  ///< nothing personal
  std::vector<LedgerPlace> places = {};
};

/// Puts it into the ledger, on the disk, then commits, then says that it is done; on a failure that
/// it never was. The transaction has its entry in the audit trail already, as the last one. Without
/// --ledger it commits.
void commit_with_ledger(const Context& context, pg::Connection& connection,
                        pg::Transaction& transaction, const LedgerNote& note);

/// Appends an entry about the entry `of`.
void append_about(const Context& context, LedgerKind kind, std::int64_t of,
                  const std::string& note = {});

}  // namespace dsar::cmd
