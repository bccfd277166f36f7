#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/catalogue.hpp"
#include "core/held.hpp"
#include "core/hold.hpp"
#include "core/pg/connection.hpp"

/// Legal holds in the database, and the protocol by which what deletes respects them: every
/// deleting transaction begins with share_hold_lock(); where the epoch that it gives is not that of
/// the Held at hand, held_now() comes before anything is deleted. Whoever changes what is held
/// takes the lock for itself and counts the epoch up. All functions want the schema to be there
/// (require_schema).
namespace dsar::pg {

/// Keeps what is held as it is until the end of the transaction, READ COMMITTED, and gives its
/// epoch.
std::int64_t share_hold_lock(Connection& connection);
/// The statements that do this, to be sent with others; the last one's result has the epoch.
std::vector<SqlStatement> hold_lock_statements();
std::int64_t epoch_in(const Result& result);

/// How often what is held has changed. To be read after the lock has been taken, by a READ
/// COMMITTED transaction: a snapshot from before the lock is stale.
std::int64_t hold_epoch(Connection& connection);

/// What is held now. Subjects are looked up again by their recorded identities, and the rows that
/// they were when they were recorded stay held besides; who is ambiguous is held with every
/// candidate. Throws Error (refused) where a subject's rows may be in a record set that the role
/// cannot see. `without`: requests that keep nothing, by number.
Held held_now(Connection& connection, const DataMap& map, const Catalogue& catalogue,
              const std::vector<std::int64_t>& without = {});

/// What commits instead of the function itself, given the hold's number.
using CommitHold = std::function<void(Transaction& transaction, std::int64_t id)>;

/// Places the hold, in a transaction of its own that waits for those that delete, and puts it on
/// record with the subject's keyed hashes. Gives its number.
std::int64_t place_hold(Connection& connection, const NewHold& hold,
                        const std::vector<std::string>& subject_hashes = {},
                        const CommitHold& commit = {});

/// Likewise releases it. Throws Error (usage) where there is no such hold or it is released.
void release_hold(Connection& connection, std::int64_t id, const std::string& author,
                  const std::string& reason, const CommitHold& commit = {});

/// In the order of their numbers; without `released` only those that hold.
std::vector<Hold> list_holds(Connection& connection, bool released);

/// Throws Error (usage) unless the predicate is one repeatable expression over the set's own
/// columns that the server takes. To be called in a read-only transaction.
void check_hold_predicate(Connection& connection, const SetRef& set, const std::string& predicate);

/// Whether the role can tell what is held: the schema is there, and it may read it.
bool can_read_holds(Connection& connection);

/// Whether any of the rows that are reached is held.
bool holds_any(Connection& connection, const ReachContext& reach, const Held& held);

/// Rows that a hold covers.
struct Coverage {
  std::string set;
  std::uint64_t rows = 0;
};

/// How many rows of each record set are held, in the map's order, without those of which none is.
std::vector<Coverage> count_held(Connection& connection, const DataMap& map,
                                 const Catalogue& catalogue, const Held& held);

}  // namespace dsar::pg
