#pragma once

#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/reading.hpp"
#include "core/audit.hpp"
#include "core/pg/connection.hpp"

/// What commands put into the audit trail.
namespace dsar::cmd {

/// Who does what: the rest is the command's to add.
AuditNote note_of(const Context& context, std::string command);

/// The same with the tenant and, under --hash-key, the identities of who was found or may be meant.
AuditNote note_of(const Context& context, std::string command, const FoundSubject& found);

/// The keyed hashes of identities; none without --hash-key.
std::vector<std::string> subject_hashes(const Context& context, const std::vector<Identity>& of);

/// Puts down what a command that only reads is about to show, on a connection of its own or in the
/// file of --audit-to. To be called before the first byte is shown: whoever cannot be put on record
/// sees nothing. Throws Error.
void put_on_record(const Context& context, const AuditNote& note);

}  // namespace dsar::cmd
