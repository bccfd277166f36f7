#include "cmd/audit_verification.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cmd/guarded_file.hpp"
#include "cmd/whole_file.hpp"
#include "core/crypto/hex.hpp"
#include "core/error.hpp"
#include "core/pg/audit.hpp"
#include "formats/audit_file.hpp"
#include "formats/audit_json.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// The checkpoints that are to be believed; without a key all that can be read are. What is wrong
/// with the others goes into `faults`.
std::vector<AuditCheckpoint> believed(std::vector<AuditCheckpoint> kept,
                                      const Signatures& signatures,
                                      std::vector<AuditFault>& faults) {
  std::vector<AuditCheckpoint> good;
  for (auto& checkpoint : kept) {
    const auto wrong = [&](const std::string& what) {
      const auto& number = checkpoint.number;
      faults.push_back(
          {number, number, "the checkpoint at entry " + std::to_string(number) + " " + what});
    };
    try {
      const auto stated = formats::parse_checkpoint(checkpoint.statement);
      if (stated.number != checkpoint.number) {
        wrong("states another entry");
        continue;
      }
      if (signatures.known() &&
          !signatures.signer(checkpoint.statement, from_hex(checkpoint.signature))) {
        wrong("is not signed by a key that was given");
        continue;
      }
      checkpoint.hash = stated.hash;
      good.push_back(std::move(checkpoint));
    } catch (const std::invalid_argument&) {
      wrong("cannot be read");
    }
  }
  return good;
}

template <typename Read>
Verified verified(std::vector<AuditCheckpoint> checkpoints, const Signatures& signatures,
                  const Read& read) {
  Verified result;
  auto good = believed(std::move(checkpoints), signatures, result.faults);
  result.checkpoints = good.size();
  result.signatures = signatures.known();
  AuditVerifier verifier(std::move(good));
  read(verifier);
  result.entries = verifier.entries();
  result.first = verifier.first();
  result.last = verifier.last();
  result.last_hash = verifier.last_hash();
  result.faults.insert(result.faults.end(), verifier.faults().begin(), verifier.faults().end());
  return result;
}

}  // namespace

Signatures::Signatures(const std::vector<std::string>& key_files) {
  for (const auto& file : key_files) keys_.push_back(read_verifying_key(file));
}

std::optional<std::string> Signatures::signer(const std::string& statement,
                                              const std::string& signature) const {
  for (const auto& key : keys_) {
    if (key.verify(statement, signature)) return key.id();
  }
  return std::nullopt;
}

std::vector<AuditCheckpoint> read_checkpoint_files(const std::vector<std::string>& paths) {
  std::vector<AuditCheckpoint> checkpoints;
  for (const auto& path : paths) {
    try {
      auto checkpoint = formats::parse_checkpoint(read_whole_file(path));
      checkpoint.signature = to_hex(read_whole_file(path + ".sig"));
      checkpoints.push_back(std::move(checkpoint));
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, path + " is " + fault.what());
    }
  }
  return checkpoints;
}

Verified verify_trail(pg::Connection& connection, const Signatures& signatures,
                      const std::vector<AuditCheckpoint>& further) {
  auto checkpoints = pg::audit_checkpoints(connection);
  checkpoints.insert(checkpoints.end(), further.begin(), further.end());
  return verified(std::move(checkpoints), signatures, [&](AuditVerifier& verifier) {
    pg::read_audit(connection, {}, [&](const AuditEntry& entry) { verifier.look_at(entry); });
    verifier.finish(pg::audit_head(connection));
  });
}

Verified verify_trail_file(const std::string& path, const Signatures& signatures,
                           const std::vector<AuditCheckpoint>& further) {
  return verified(further, signatures, [&](AuditVerifier& verifier) {
    formats::read_audit_file(path, [&](const AuditEntry& entry) { verifier.look_at(entry); });
    verifier.finish(std::nullopt);
  });
}

void require_whole(const Verified& result) {
  if (result.faults.empty()) return;
  throw Error(ExitCode::refused, result.faults.front().what,
              "Run dsarctl audit verify: it names everything that is wrong.");
}

std::string verified_text(const Verified& result) {
  std::string text;
  for (const auto& fault : result.faults) text += fault.what + "\n";
  if (result.entries == 0) {
    text += "the trail has no entries";
  } else {
    text += "entries " + std::to_string(result.first) + " to " + std::to_string(result.last) +
            ", the last with hash " + result.last_hash;
  }
  text += "; " + std::to_string(result.checkpoints) + " checkpoints";
  if (result.checkpoints > 0 && !result.signatures)
    text += ", whose signatures were not looked at: no --public-key";
  return text + (result.faults.empty() ? "\nnothing is wrong\n" : "\n");
}

Json verified_json(const Verified& result) {
  auto faults = Json::array();
  for (const auto& fault : result.faults)
    faults.push_back({{"first", fault.first}, {"last", fault.last}, {"what", fault.what}});
  return {{"entries", result.entries},
          {"first", result.first},
          {"last", result.last},
          {"last_hash", result.last_hash},
          {"checkpoints", result.checkpoints},
          {"signatures_verified", result.signatures},
          {"faults", std::move(faults)}};
}

}  // namespace dsar::cmd
