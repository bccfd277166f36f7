#pragma once

#include <optional>
#include <string>

#include "cmd/approval.hpp"
#include "cmd/erase.hpp"
#include "core/crypto/ed25519.hpp"
#include "core/erasure.hpp"
#include "formats/erasure_plan_file.hpp"

/// The files that an erasure reads and writes besides the database.
namespace dsar::cmd {

/// The key that signs certificates. Throws Error (usage) where none was given.
SigningKey required_signing_key(const EraseOptions& options);

/// The plan of --plan, with its file as it was read.
struct PlanToCarryOut {
  PlanFile file;                                     ///< without a plan its path is empty
  std::optional<formats::ReviewedErasure> reviewed;  ///< nothing: none was given
};
PlanToCarryOut read_plan_to_carry_out(const EraseOptions& options);

/// Writes --plan-out; signed where a key is given, so that whoever approves it is known to be
/// another. `salt`: the key of its digests.
void write_plan(const EraseOptions& options, const ErasureResult& plan, const std::string& salt);

/// Writes --certificate. Whatever comes of it, the erasure is done and the certificate on record: a
/// failure is told in `result`.
void write_certificate(const EraseOptions& options, const std::string& certificate,
                       const std::string& signature, ErasureResult& result);

}  // namespace dsar::cmd
