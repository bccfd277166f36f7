#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/crypto/hmac.hpp"
#include "core/enum_names.hpp"

/// The ledger: a file outside the database that knows what has been erased, held, restricted and
/// put right, so that a restore of a backup does not undo it unseen. People stand in it as keyed
/// hashes.
namespace dsar {

enum class LedgerKind {
  erasure,
  tenant_erasure,  ///< of all that a tenant has
  hold,
  hold_release,
  choice,
  choice_lift,
  rectification,
  done,     ///< the entry that it names is in the database for good
  undone,   ///< the entry that it names never was
  settled,  ///< the entry that it names was lost with a restore, and has been seen to since
};

template <>
struct EnumNames<LedgerKind> {
  using L = LedgerKind;
  static constexpr std::array table{
      EnumName<L>{L::erasure, "erasure"},
      EnumName<L>{L::tenant_erasure, "tenant-erasure"},
      EnumName<L>{L::hold, "hold"},
      EnumName<L>{L::hold_release, "hold-release"},
      EnumName<L>{L::choice, "choice"},
      EnumName<L>{L::choice_lift, "choice-lift"},
      EnumName<L>{L::rectification, "rectification"},
      EnumName<L>{L::done, "done"},
      EnumName<L>{L::undone, "undone"},
      EnumName<L>{L::settled, "settled"},
  };
};

/// A row that was the subject, by keyed hashes.
struct LedgerRow {
  std::string set;
  std::string key;
  std::vector<std::string> identities;  ///< of a rectification those before and after it
};

/// A value that was put right, by keyed hashes: of the row's key and of what the column holds
/// since.
struct LedgerPlace {
  std::string set;
  std::string key;
  std::string column;
  std::string value;
};

struct LedgerEntry {
  std::int64_t number = 0;  ///< from 1, without gaps
  std::string at;           ///< RFC 3339
  LedgerKind kind = LedgerKind::erasure;
  std::int64_t of = 0;  ///< done, undone, settled: which entry
  std::string id;       ///< of the erasure, hold, …
  std::string database;
  std::string tenant_key;
  std::string key_id;  ///< of the key of its hashes
  std::vector<LedgerRow> rows;
  std::int64_t audit = 0;  ///< its entry in the audit trail, and that one's hash
  std::string audit_hash;
  std::string note;                            ///< settled: why
  std::map<std::string, std::string> details;  ///< what it takes to repeat it; nothing personal
  std::vector<LedgerPlace> places;             ///< of a rectification
  std::string previous;
  std::string hash;
};

/// A row's key as the ledger names it; `mac`: under the ledger's key.
std::string ledger_key_hash(HmacSha256& mac, const std::string& set,
                            const std::vector<std::string>& row_key);

/// What a column of such a row holds, likewise.
std::string ledger_value_hash(HmacSha256& mac, const LedgerPlace& place, const std::string& value);

/// The entry among `entries` that ends what this one began: a hold's release, a choice's lift.
/// nullptr: none does.
const LedgerEntry* ended_by(const LedgerEntry& entry, const std::vector<LedgerEntry>& entries);

/// Whether the entries have a row in common: by its key and by an identity. A household shares its
/// telephone, and a key is given again; only both together are the same person's.
bool share_row(const LedgerEntry& one, const LedgerEntry& other);

/// Adds to the entry's rows what these were known by before data were put right: a backup may be
/// from before that, and bring them back under an address that the entry itself does not know.
/// Earlier rectifications among `entries` (all of the ledger) tell.
void add_former_identities(LedgerEntry& entry, const std::vector<LedgerEntry>& entries);

/// What has become of the entries that are not about other entries.
struct LedgerState {
  std::vector<LedgerEntry> decided;    ///< done, and nothing has settled them
  std::vector<LedgerEntry> undecided;  ///< nothing says whether they were carried out
};
LedgerState state_of(const std::vector<LedgerEntry>& entries);

}  // namespace dsar
