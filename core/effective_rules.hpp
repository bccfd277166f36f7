#pragma once

#include <string>
#include <vector>

#include "core/period.hpp"
#include "core/policy.hpp"

namespace dsar {

/// A period put in a rule's place: by a tenant (map or file), or by the operator where the policy
/// states none. Counted: a number of days, months or years.
struct RuleOverride {
  std::string rule;
  Period period;
  std::string reason;
  std::string source;    ///< where it was read, e.g. `map.json:12: /overrides/0`
  bool general = false;  ///< the operator's, for every tenant: gives way to a tenant's own
};

/// A policy's rule as it holds for one tenant.
struct EffectiveRule {
  const RetentionRule* rule = nullptr;  ///< points into the policy
  Period period;                        ///< the rule's own, unless overridden
  bool overridden = false;
  std::string reason;  ///< of the override
};

/// Every rule of the policy, in its order, with the overrides applied. Throws nothing for what the
/// overrides say: one that the policy does not allow is left out and named in `refused`, a line
/// each with its source, the rule, its clause and why. Refused are overrides of a rule
/// - that the policy does not have, or that nobody may override (`no`);
/// - longer than the clause on any date, where only shorter ones are allowed;
/// - without a reason, where a length is granted on a recorded request (`any_length`);
/// - by a period that is not counted;
/// - that is overridden twice, by different tenants' lines or twice in general: both of them.
/// Rows must not be deleted while any is refused: nobody knows what was meant.
std::vector<EffectiveRule> effective_rules(const Policy& policy,
                                           const std::vector<RuleOverride>& overrides,
                                           std::vector<std::string>& refused);

/// Whether `period` ends no later than `other`, whatever date both start on. (30 days are longer
/// than 1 month in February; 28 days never are.) False where one of them has no length.
bool never_longer(const Period& period, const Period& other);

}  // namespace dsar
