#include <algorithm>

#include "core/policies/builtin.hpp"

/// How long the register of requests and holds is kept: what the law says, as no policy does.
namespace dsar {

std::vector<RetentionRule> request_record_rules(const Document& text,
                                                const std::vector<Regime>& regimes) {
  std::vector<RetentionRule> rules{
      {.id = "request-record",
       .categories = {DataCategory::request_record},
       .clock = {ClockEvent::last_activity},
       .period = Period::not_stated(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::operator_must_set,
       .action = RuleAction::delete_row,
       .citation = text.clause("not stated; Art. 5(1)(e), 5(2) GDPR"),
       .note = "Counted from the day on which a request was closed or a hold released; open ones "
               "stay. Limitation periods for claims are a measure of how long they are needed."}};
  if (std::find(regimes.begin(), regimes.end(), Regime::ccpa) != regimes.end()) {
    rules.push_back({.id = "request-record-ccpa",
                     .categories = {DataCategory::request_record},
                     .clock = {ClockEvent::last_activity},
                     .period = Period::months(24),
                     .bound = Bound::floor_by_law,
                     .tenant_override = OverridePermission::no,
                     .citation = text.clause("not stated; 11 CCR 7101"),
                     .note = "Records of consumers' requests are kept for at least 24 months."});
  }
  return rules;
}

}  // namespace dsar
