#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/pg/erase_plan.hpp"

/// Carrying an erasure out, in the transaction that decided on it.
namespace dsar::pg {

/// The decision no longer is what the database has: another transaction was at the same rows.
/// Nothing is lost by deciding anew.
class RowsChanged : public Error {
 public:
  using Error::Error;
};

/// How long statements of the transaction may wait and take.
struct ErasureTimeouts {
  std::chrono::milliseconds lock{10000};
  std::chrono::milliseconds statement{1800000};
};

/// What every erasing transaction begins with: nobody may place or release a hold until its end.
/// Gives the epoch of what is held until then.
std::int64_t begin_erasing(Connection& connection, const ErasureTimeouts& timeouts);

/// Ends references to what goes, masks, re-points, and deletes what refers before what it refers
/// to. Throws RowsChanged unless exactly the rows of the decision are affected; Error (usage) where
/// a mask is a keyed hash and there is no key.
void carry_out(Connection& connection, const DataMap& map, const Catalogue& catalogue,
               const ErasureDecision& decision, const std::string& hash_key);

/// Whether a trigger may have added rows while this was carried out.
bool sets_off_triggers(const Catalogue& catalogue, const ErasureDecision& decision);

/// All constraints that wait for the end are looked at now.
void check_constraints(Connection& connection);

/// Whether foreign keys are enforced, on all tables and for this connection.
bool enforces_keys(Connection& connection);

/// Whether a foreign key has refused a change.
bool refused_by_key(const Error& error);

/// Whether the failure is one that another attempt may not meet.
bool worth_another_attempt(const Error& error);

/// Transactions that are writing to the tables now, by what pg_locks calls them.
std::vector<std::string> writers_of(Connection& connection, const std::vector<TableName>& tables);

/// Those of them that have not ended.
std::vector<std::string> still_running(Connection& connection,
                                       const std::vector<std::string>& transactions);

}  // namespace dsar::pg
