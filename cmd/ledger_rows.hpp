#pragma once

#include <string>
#include <vector>

#include "cmd/reading.hpp"
#include "core/ledger.hpp"

/// Finding again the people whom the ledger knows by keyed hashes.
namespace dsar::cmd {

/// What is there of an entry's rows.
struct RowsBack {
  std::vector<SubjectRow> rows;  ///< of the same person
  std::size_t reused = 0;        ///< keys that are somebody else's now
};

/// Looks for the entry's rows by their keys, and whether they are the same person's: a key may have
/// been given to somebody else.
RowsBack rows_back(Reading& reading, const std::string& key, const LedgerEntry& entry);

/// `2 rows of the person are there; 1 keys are somebody else's now and are left alone`
std::string what_is_there(const RowsBack& there);

/// Who the rows are: their strongest identities among those that the entry knows. A number that a
/// household shares is asked for only where there is nothing better; a row's own number, which the
/// ledger does not name, goes with its key.
SubjectQuestion question_of(const Reading& reading, const std::string& key,
                            const LedgerEntry& entry, const std::vector<SubjectRow>& rows);

}  // namespace dsar::cmd
