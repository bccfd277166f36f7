#pragma once

#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/reading.hpp"
#include "core/crypto/ed25519.hpp"
#include "core/pg/residue.hpp"

/// The search for copies of a person's identities that no link leads to.
namespace dsar::cmd {

/// Every identity that a row of the subject has.
std::vector<Identity> identities_of(const FoundSubject& found);

/// Whether something is left that a person has to look at.
bool leaves_residue(const pg::ResidueScan& scan);

/// Searches in the transaction that is open.
pg::ResidueScan scan_for(Reading& reading, const FoundSubject& found, const Context& context,
                         const pg::KnownRows& known = {});

/// What the search that follows an erasure came to, and the signed statement of it.
struct SignedResidue {
  pg::ResidueScan scan;
  std::string text;
  std::string signature;
};

/// The erasure whose certificate a search closes.
struct SearchedErasure {
  std::string id;
  std::string certificate;  ///< its exact bytes
  /// What is certain to be the person's: the strong ones of these are redacted where the map says
  /// so, others only listed.
  std::vector<Identity> identities;
};

/// Searches in a transaction of its own; redacts, signs what was found, and puts it on record, in
/// another. `withheld`: the subject's rows that are still there.
SignedResidue close_with_scan(Reading& reading, const FoundSubject& found,
                              const pg::KnownRows& withheld, const Context& context,
                              const SearchedErasure& erasure, const SigningKey& key);

}  // namespace dsar::cmd
