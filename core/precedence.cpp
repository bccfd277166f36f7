#include "core/precedence.hpp"

namespace dsar {
namespace {

bool is_ceiling(const RuleAtRow& at) {
  const auto bound = at.rule->rule->bound;
  return bound == Bound::ceiling || bound == Bound::ceiling_and_floor_by_law;
}

bool is_floor_by_law(const RuleAtRow& at) {
  const auto bound = at.rule->rule->bound;
  return bound == Bound::floor_by_law || bound == Bound::ceiling_and_floor_by_law;
}

bool is_due(const RuleAtRow& at, Instant now) {
  return is_ceiling(at) && at.moment && *at.moment <= now;
}

/// `candidate` wins over `best`: what is due at once over all else, then the earlier.
bool wins(const RuleAtRow& candidate, const RuleAtRow* best) {
  if (best == nullptr) return true;
  const bool at_once = candidate.rule->period.is_zero();
  if (at_once != best->rule->period.is_zero()) return at_once;
  return *candidate.moment < *best->moment;
}

}  // namespace

bool is_stated(const EffectiveRule& rule) {
  return !rule.overridden;
}

Ruling rule_on(const std::vector<RuleAtRow>& rules, const RowProtection& protection, Instant now) {
  const RuleAtRow* stated = nullptr;
  const RuleAtRow* chosen = nullptr;  // by a tenant or the operator
  const RuleAtRow* by_law = nullptr;
  const RuleAtRow* floor = nullptr;
  for (const auto& at : rules) {
    if (is_due(at, now)) {
      auto& best = is_stated(*at.rule) ? stated : chosen;
      if (wins(at, best)) best = &at;
    }
    if (is_floor_by_law(at) && (!at.moment || *at.moment > now)) by_law = &at;
    if (at.rule->rule->bound == Bound::floor && at.moment && *at.moment > now) floor = &at;
  }
  if (stated == nullptr && chosen == nullptr) return {};
  if (protection.held) return {Verdict::held, nullptr};
  if (protection.ground_recorded) return {Verdict::kept_by_law, nullptr};
  if (by_law != nullptr) return {Verdict::kept_by_law, by_law->rule};
  if (stated != nullptr && stated->rule->period.is_zero())
    return {Verdict::due, stated->rule, floor != nullptr};
  if (floor != nullptr && stated == nullptr) return {Verdict::floored, floor->rule};
  const bool earlier_chosen = floor == nullptr && chosen != nullptr && wins(*chosen, stated);
  return {Verdict::due, earlier_chosen ? chosen->rule : stated->rule, floor != nullptr};
}

}  // namespace dsar
