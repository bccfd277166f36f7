#include "core/retention_rule.hpp"

#include <algorithm>

namespace dsar {
namespace {

bool deletes(Bound bound) {
  return bound == Bound::ceiling || bound == Bound::ceiling_and_floor_by_law;
}

}  // namespace

bool is_complete(const Citation& citation) {
  return !citation.document.empty() && !citation.edition.empty() && !citation.clause.empty();
}

std::string to_text(const Citation& citation) {
  return citation.document + " (" + citation.edition + "), " + citation.clause;
}

bool RetentionRule::has(RuleCondition condition) const {
  return std::find(conditions.begin(), conditions.end(), condition) != conditions.end();
}

std::vector<std::string> faults_of(const RetentionRule& rule) {
  std::vector<std::string> faults;
  const auto expect = [&](bool good, const char* fault) {
    if (!good) faults.push_back("rule " + rule.id + ": " + fault);
  };
  const PeriodKind kind = rule.period.kind();
  expect(is_complete(rule.citation), "has no complete citation");
  expect(!rule.categories.empty() || rule.with_recorded_ground, "covers nothing");
  expect((rule.clock.size() > 1) == (rule.choice != ClockChoice::only),
         "names several clocks without saying which counts, or says so of one");
  expect(!rule.clock.empty() || kind == PeriodKind::not_stated || kind == PeriodKind::while_needed,
         "has a period but no clock");
  expect((rule.tenant_override == OverridePermission::operator_must_set) ==
             (kind == PeriodKind::not_stated),
         "must leave its period to the operator exactly where none is stated");
  expect((rule.bound == Bound::exemption) == (kind == PeriodKind::while_needed),
         "must last while needed exactly where it is an exemption");
  expect(deletes(rule.bound) == rule.action.has_value(),
         "must have an action exactly where something ends");
  return faults;
}

}  // namespace dsar
