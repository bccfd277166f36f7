#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cmd/reading.hpp"
#include "core/ledger.hpp"
#include "core/rectification.hpp"

/// Telling without the values whether what was put right still is.
namespace dsar::cmd {

/// The columns that were written, by keyed hashes; none without --ledger. Rows without a key cannot
/// be found again and are left out.
std::vector<LedgerPlace> ledger_places(const Context& context, const Rectification& done);

/// How many of an entry's places hold what they were given.
struct ComparedPlaces {
  std::size_t right = 0;
  std::size_t wrong = 0;  ///< something else
  std::size_t gone = 0;   ///< the row or the column is not there
};
ComparedPlaces compare_places(Reading& reading, const std::string& key, const LedgerEntry& entry);

}  // namespace dsar::cmd
