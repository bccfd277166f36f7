#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/audit.hpp"
#include "core/zone.hpp"

/// Entries and checkpoints of the audit trail outside the database.
namespace dsar::formats {

/// An entry with all that is hashed, as formats/schemas/audit.schema.json describes it.
nlohmann::ordered_json audit_entry_json(const AuditEntry& entry);

/// The entry again. Throws std::invalid_argument, which says nothing of the content, where the text
/// is none.
AuditEntry parse_audit_entry(std::string_view text);

/// What is signed at a checkpoint: the exact bytes, one line of JSON. It can be read a hundred
/// years on without this program.
std::string checkpoint_statement(const AuditEntry& entry, const std::string& database,
                                 Instant made);

/// The number and the hash that such bytes state. Throws std::invalid_argument where they are
/// something else.
AuditCheckpoint parse_checkpoint(std::string_view statement);

/// Entries as a table for a terminal; `subject` is how many people an entry is about.
std::string audit_text(const std::vector<AuditEntry>& entries);

}  // namespace dsar::formats
