#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/audit.hpp"
#include "core/crypto/ed25519.hpp"
#include "core/pg/connection.hpp"

/// What the verification of an audit trail wants and gives.
namespace dsar::cmd {

/// Tells whose signature it is.
class Signatures {
 public:
  /// Public keys in PEM. Throws Error (usage) for a file that is none.
  explicit Signatures(const std::vector<std::string>& key_files);

  [[nodiscard]] bool known() const { return !keys_.empty(); }

  /// The id of the key that signed the statement; nothing: none of these.
  [[nodiscard]] std::optional<std::string> signer(const std::string& statement,
                                                  const std::string& signature) const;

 private:
  std::vector<VerifyingKey> keys_;
};

/// What a verification came to.
struct Verified {
  std::uint64_t entries = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::string last_hash;
  std::size_t checkpoints = 0;
  bool signatures = false;  ///< the checkpoints' signatures were looked at
  std::vector<AuditFault> faults;
};

/// Checkpoints that were taken out of the database, each with its signature beside it. Throws Error
/// (usage) for a file that is none.
std::vector<AuditCheckpoint> read_checkpoint_files(const std::vector<std::string>& paths);

/// Verifies the trail of the database, in the transaction that is open. `further`: checkpoints from
/// elsewhere.
Verified verify_trail(pg::Connection& connection, const Signatures& signatures,
                      const std::vector<AuditCheckpoint>& further);

/// Verifies a file of --audit-to.
Verified verify_trail_file(const std::string& path, const Signatures& signatures,
                           const std::vector<AuditCheckpoint>& further);

/// Throws Error (refused) unless the trail is whole: nothing is signed or cut otherwise.
void require_whole(const Verified& result);

std::string verified_text(const Verified& result);
nlohmann::ordered_json verified_json(const Verified& result);

}  // namespace dsar::cmd
