#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/audit.hpp"
#include "core/pg/connection.hpp"

/// The audit trail in the database. All functions want the schema to be there (require_schema).
namespace dsar::pg {

/// Appends an entry in the caller's transaction, or in one of its own where none is open. Takes
/// the lock of the chain until that ends: the last statement before a commit. Gives its number.
/// Throws Error (usage) where the role may not, or on a standby.
std::int64_t append_audit(Connection& connection, const AuditNote& note);

/// Which entries are asked for.
struct AuditQuestion {
  std::vector<std::string> subjects = {};  ///< any of these hashes; empty: whoever it is about
  std::string command = {};                ///< empty: all
  std::string tenant_key = {};             ///< empty: all
  std::optional<std::string> since = {};   ///< RFC 3339
  std::optional<std::uint64_t> last = {};  ///< so many, the last ones; nothing: all
};

/// The entries in the order of their numbers, a page of them in memory at a time.
void read_audit(Connection& connection, const AuditQuestion& question,
                const std::function<void(const AuditEntry&)>& take);

/// Number and hash that the last entry should have; nothing where that is not known.
std::optional<std::pair<std::int64_t, std::string>> audit_head(Connection& connection);

/// The hashes of those of the entries that the database does not have, though they are not cut off:
/// it is older than they are, or another one.
std::vector<std::string> missing_audit(
    Connection& connection, const std::vector<std::pair<std::int64_t, std::string>>& entries);

/// Which database the trail is of.
std::string database_name(Connection& connection);

/// Checkpoints as they are kept. Their hashes are to be read from the statements.
std::vector<AuditCheckpoint> audit_checkpoints(Connection& connection);

/// Keeps a checkpoint. Throws Error (usage) where the entry has another hash, or the role may not.
void keep_checkpoint(Connection& connection, const AuditCheckpoint& checkpoint);

/// Deletes the entries up to the checkpoint. Gives how many.
std::uint64_t cut_audit(Connection& connection, const AuditCheckpoint& checkpoint);

}  // namespace dsar::pg
