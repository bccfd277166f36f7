#include "core/approval.hpp"

#include "core/rfc3339.hpp"

namespace dsar {

std::optional<std::string> why_not_approved(const Approval& approval, const PlanToApprove& plan,
                                            Instant now) {
  if (approval.plan_sha256 != plan.sha256 || approval.planned_with != plan.planned_with)
    return "the approval is of another plan";
  if (approval.approved_with == plan.planned_with) return "the approver is the planner";
  if (now < approval.approved_at) return "the approval is dated in the future";
  if (approval.expires_at - approval.approved_at > longest_approval)
    return "the approval is for longer than 14 days";
  if (now >= approval.expires_at)
    return "the approval has expired at " + rfc3339(approval.expires_at);
  return std::nullopt;
}

}  // namespace dsar
