#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "core/approval.hpp"
#include "core/crypto/ed25519.hpp"

/// Two pairs of eyes on a plan, as --approval-keys demands it.
namespace dsar::cmd {

/// A plan's file as it was read.
struct PlanFile {
  std::string path;
  std::string text;          ///< its exact bytes
  std::string planned_with;  ///< id of the key that the plan says has signed it; empty: none
};

/// Whether what destroys wants an approved plan.
[[nodiscard]] inline bool approval_demanded(const Context& context) {
  return !context.globals.approval_keys.empty();
}

/// The keys of --approval-keys. Throws Error: refused where others than their owner may write them,
/// usage where a file holds no public key.
std::vector<VerifyingKey> read_approval_keys(const Context& context);

/// Throws Error (refused) unless the plan is as one of the keys has signed it, in FILE.sig.
void require_planner(const std::vector<VerifyingKey>& keys, const PlanFile& plan);

/// What is carried out with the key `carrier` at `now`, by the server's clock: the approval in
/// FILE.approval and FILE.approval.sig, or nothing where none is demanded. Without a plan its path
/// is empty. Throws Error: refused where there is no approval of exactly this plan that holds, by
/// another key than the planner's and the carrier's; usage where its file is none.
std::optional<Approval> require_approval(const Context& context, const PlanFile& plan,
                                         const std::string& carrier, Instant now);

}  // namespace dsar::cmd
