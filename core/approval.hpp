#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/zone.hpp"

/// Two pairs of eyes: what one has planned, another approves before it is carried out.
namespace dsar {

/// What somebody has signed for. People stand in it as the ids of their keys.
struct Approval {
  std::string plan_sha256;    ///< of the plan file's exact bytes
  std::string planned_with;   ///< the key that signed the plan
  std::string approved_with;  ///< the key that signed this
  Instant approved_at;
  Instant expires_at;
};

/// Nobody approves for longer: what a plan says of a database grows old.
inline constexpr std::chrono::hours longest_approval{14 * 24};

/// A plan that is about to be carried out.
struct PlanToApprove {
  std::string sha256;        ///< of its file's exact bytes
  std::string planned_with;  ///< the key that signed it
};

/// Why the approval, whose signature has been verified, is none of that plan at that time by
/// somebody else than the planner; one line. None: it is one.
std::optional<std::string> why_not_approved(const Approval& approval, const PlanToApprove& plan,
                                            Instant now);

}  // namespace dsar
