#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The audit trail: who did what to personal data, in a chain of hashes. An entry that is altered,
/// taken out or put elsewhere no longer fits its neighbours; one that was rewritten together with
/// all that follow contradicts the next signed checkpoint.
namespace dsar {

/// What a command says of itself. Holds no personal value.
struct AuditNote {
  std::string actor;
  std::string command;                            ///< `export`, `hold place`
  std::string tenant_key = {};                    ///< empty: none in particular
  std::vector<std::string> subjects = {};         ///< keyed hashes of identities (subject_hashes)
  std::map<std::string, std::string> facts = {};  ///< counts, numbers, digests
};

struct AuditEntry {
  std::int64_t number = 0;  ///< from 1, without gaps
  std::string at;           ///< UTC with six digits of a second: `2026-03-31T12:00:00.000000Z`
  std::string role;         ///< who was logged in to the database
  AuditNote note;
  std::string previous;  ///< hash of the entry before it; of the first 64 zeros
  std::string hash;
};

/// The previous hash of the first entry.
inline constexpr const char* audit_root =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// What the hash is made of: every field as a netstring (length in bytes, colon, text, comma), the
/// lists with their length before them, the facts in the order of their names.
std::string audit_bytes(const AuditEntry& entry);

/// SHA-256 of audit_bytes().
std::string audit_hash(const AuditEntry& entry);

/// A signed statement of the hash that an entry had.
struct AuditCheckpoint {
  std::int64_t number = 0;
  std::string hash;
  std::string statement;  ///< the exact bytes that are signed
  std::string signature;  ///< 64 bytes in hexadecimal
  std::string key_id;
};

/// Something wrong with the trail.
struct AuditFault {
  std::int64_t first = 0;  ///< entry, or checkpoint
  std::int64_t last = 0;
  std::string what;  ///< `entry 7 has been altered`
};

/// Looks at the entries in the order of their numbers, one at a time.
class AuditVerifier {
 public:
  /// `checkpoints` are to be trusted: their signatures are somebody else's to verify.
  explicit AuditVerifier(std::vector<AuditCheckpoint> checkpoints);

  void look_at(const AuditEntry& entry);

  /// After the last one. `head`: number and hash of what the last one should be.
  void finish(const std::optional<std::pair<std::int64_t, std::string>>& head);

  [[nodiscard]] const std::vector<AuditFault>& faults() const { return faults_; }
  [[nodiscard]] std::uint64_t entries() const { return entries_; }
  /// The first entry that is there; 0: none is.
  [[nodiscard]] std::int64_t first() const { return first_; }
  /// The last one that there is or, after a cut, was, and its hash.
  [[nodiscard]] std::int64_t last() const { return last_; }
  [[nodiscard]] const std::string& last_hash() const { return last_hash_; }

 private:
  void begin(const AuditEntry& entry);
  void compare(const AuditCheckpoint& checkpoint, const std::string& hash);
  void add(std::int64_t first, std::int64_t last, std::string what);
  [[nodiscard]] const AuditCheckpoint* checkpoint_at(std::int64_t number) const;

  std::vector<AuditCheckpoint> checkpoints_;
  std::vector<AuditFault> faults_;
  std::uint64_t entries_ = 0;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  std::string last_hash_ = audit_root;
};

/// An identity as entries name it, and nobody without the key can: HMAC-SHA-256 of kind and value
/// in the spelling that is compared.
std::string subject_hash(const std::string& key, const std::string& kind, const std::string& value);

}  // namespace dsar
