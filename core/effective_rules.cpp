#include "core/effective_rules.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/suggest.hpp"

namespace dsar {
namespace {

namespace chr = std::chrono;

/// How many days a counted period lasts at least and at most, over all dates that it may start on.
struct Span {
  chr::days shortest;
  chr::days longest;
};

Span span_of(const Period& period) {
  if (period.kind() == PeriodKind::days) {
    return {chr::days{period.count()}, chr::days{period.count()}};
  }
  // The calendar repeats every 400 years. From the first of a month the span is that of so many
  // whole months; from a later day it is the same or, clipped, no shorter than that of the months
  // one later.
  constexpr int cycle = 400 * 12;
  Span span{chr::days::max(), chr::days::min()};
  auto month = chr::year{2000} / chr::January;
  for (int i = 0; i < cycle; ++i, month += chr::months{1}) {
    const Date first{month / 1};
    const chr::days length = add(first, period) - first;
    span.shortest = std::min(span.shortest, length);
    span.longest = std::max(span.longest, length);
  }
  return span;
}

int months_in(const Period& period) {
  constexpr int months_per_year = 12;
  return period.kind() == PeriodKind::years ? period.count() * months_per_year : period.count();
}

std::string clause_of(const RetentionRule& rule) {
  return "rule '" + rule.id + "' (" + to_text(rule.citation) + ")";
}

/// Why the rule does not allow the override, or nothing.
std::optional<std::string> objection(const RetentionRule& rule, const RuleOverride& wanted) {
  if (!wanted.period.is_counted()) {
    return "an override is a number of days, months or years, not '" + to_text(wanted.period) + "'";
  }
  switch (rule.tenant_override) {
    case OverridePermission::no:
      return "no override is allowed";
    case OverridePermission::shorter_only:
      if (never_longer(wanted.period, rule.period)) break;
      return "only shorter periods are allowed, and " + to_text(wanted.period) +
             " can be longer than '" + to_text(rule.period) + "'";
    case OverridePermission::any_length:
      if (wanted.reason.find_first_not_of(" \t\r\n") != std::string::npos) break;
      return "another period needs a recorded request: the reason is missing";
    case OverridePermission::operator_must_set:
      break;
  }
  return std::nullopt;
}

std::string unknown_rule(const Policy& policy, const std::string& id) {
  std::vector<std::string_view> ids;
  for (const RetentionRule& rule : policy.rules) ids.push_back(rule.id);
  return "the policy '" + policy.id + "' has no rule '" + id + "'" + did_you_mean(id, ids);
}

std::string at_source(const RuleOverride& wanted) {
  return wanted.source.empty() ? std::string() : wanted.source + ": ";
}

/// The overrides of one rule: a tenant's own if there are any, else the general ones.
std::vector<const RuleOverride*> overrides_of(const std::string& rule,
                                              const std::vector<RuleOverride>& overrides) {
  std::vector<const RuleOverride*> own;
  std::vector<const RuleOverride*> general;
  for (const RuleOverride& each : overrides) {
    if (each.rule == rule) (each.general ? general : own).push_back(&each);
  }
  return own.empty() ? general : own;
}

}  // namespace

bool never_longer(const Period& period, const Period& other) {
  const auto has_length = [](const Period& each) { return each.is_counted() || each.is_zero(); };
  if (!has_length(period) || !has_length(other)) return false;
  if (period.is_zero() || other.is_zero()) return period.is_zero();
  const bool by_days = period.kind() == PeriodKind::days;
  if (by_days == (other.kind() == PeriodKind::days)) {
    return by_days ? period.count() <= other.count() : months_in(period) <= months_in(other);
  }
  return span_of(period).longest <= span_of(other).shortest;
}

std::vector<EffectiveRule> effective_rules(const Policy& policy,
                                           const std::vector<RuleOverride>& overrides,
                                           std::vector<std::string>& refused) {
  for (const RuleOverride& each : overrides) {
    if (find_rule(policy, each.rule) == nullptr) {
      refused.push_back(at_source(each) + unknown_rule(policy, each.rule));
    }
  }
  std::vector<EffectiveRule> result;
  result.reserve(policy.rules.size());
  for (const RetentionRule& rule : policy.rules) {
    EffectiveRule& effective = result.emplace_back();
    effective.rule = &rule;
    effective.period = rule.period;
    const std::vector<const RuleOverride*> wanted = overrides_of(rule.id, overrides);
    for (const RuleOverride* const each : wanted) {
      std::optional<std::string> why = objection(rule, *each);
      if (!why && wanted.size() > 1) {
        const RuleOverride* const other = each == wanted.front() ? wanted[1] : wanted.front();
        why = "it is overridden twice" +
              (other->source.empty() ? std::string() : ", also in " + other->source);
      }
      if (why) {
        refused.push_back(at_source(*each) + clause_of(rule) + ": " + *why);
        continue;
      }
      effective.period = each->period;
      effective.overridden = true;
      effective.reason = each->reason;
    }
  }
  return result;
}

}  // namespace dsar
