#pragma once

#include <functional>
#include <string>

#include "core/audit.hpp"
#include "core/zone.hpp"

/// An audit trail in a file, one entry a line, for what is read from a database that cannot be
/// written: a standby.
namespace dsar::formats {

/// Appends the entry to the file's chain, which begins where there is no file (mode 0600), and puts
/// it on the disk; programs wait for each other. Throws Error: usage where the file cannot be
/// written, others may write it, or its last line is no entry.
void append_audit_file(const std::string& path, const AuditNote& note, const std::string& role,
                       Instant at);

/// Gives every entry in turn. Throws Error (usage) naming the line that is none.
void read_audit_file(const std::string& path, const std::function<void(const AuditEntry&)>& take);

}  // namespace dsar::formats
