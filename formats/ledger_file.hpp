#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/ledger.hpp"

namespace dsar::formats {

/// Appends the entry to the ledger and puts it on the disk; number, previous hash and hash are
/// filled in. Gives the number. Throws Error (usage) where the file cannot be written, others may
/// write it, or its last line is no entry.
std::int64_t append_ledger(const std::string& path, LedgerEntry entry);

/// All entries; none where there is no file yet. Throws Error: usage where the file cannot be read
/// or a line is no entry, refused where one is altered, missing or elsewhere, naming the line.
std::vector<LedgerEntry> read_ledger(const std::string& path);

nlohmann::ordered_json ledger_entry_json(const LedgerEntry& entry);

}  // namespace dsar::formats
