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

/// Searches in the transaction that is open.
/// Whether something is left that a person has to look at.
bool leaves_residue(const pg::ResidueScan& scan);

pg::ResidueScan scan_for(Reading& reading, const FoundSubject& found, const Context& context,
                         const pg::KnownRows& known = {});

/// What the search that follows an erasure came to, and the signed statement of it.
struct SignedResidue {
  pg::ResidueScan scan;
  std::string text;
  std::string signature;
};

/// Searches in a transaction of its own; redacts where the map says so, signs what was found, and
/// puts it on record, in another: it closes the certificate of the erasure. `certificate`: its
/// exact bytes; `withheld`: the subject's rows that are still there.
SignedResidue close_with_scan(Reading& reading, const FoundSubject& found,
                              const pg::KnownRows& withheld, const Context& context,
                              const std::string& erasure, const std::string& certificate,
                              const SigningKey& key);

}  // namespace dsar::cmd
