#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/category_set.hpp"
#include "core/period.hpp"
#include "core/policy_terms.hpp"

namespace dsar {

/// The place in a published text that a fact or a rule rests on.
struct Citation {
  std::string document;
  std::string edition;  ///< version or date, or `undated`
  std::string clause;

  friend bool operator==(const Citation&, const Citation&) = default;
};

/// All three parts are there.
bool is_complete(const Citation& citation);

/// `OmniOps Privacy Policy (version 3.0, 20 February 2026), Data Retention`
std::string to_text(const Citation& citation);

/// One clause on how long something is kept.
struct RetentionRule {
  std::string id;                     ///< unique in its policy
  CategorySet categories;             ///< the rows it is about
  bool with_recorded_ground = false;  ///< and any row with a recorded legal or accounting ground
  std::vector<ClockEvent> clock = {};
  ClockChoice choice = ClockChoice::only;
  Period period = {};
  Bound bound = Bound::ceiling;
  OverridePermission tenant_override = OverridePermission::no;
  std::vector<RuleCondition> conditions = {};
  std::optional<RuleAction> action = {};  ///< absent: a floor or an exemption, which keeps
  Citation citation = {};
  std::string note = {};  ///< how the clause is read where it leaves something open

  [[nodiscard]] bool has(RuleCondition condition) const;

  friend bool operator==(const RetentionRule&, const RetentionRule&) = default;
};

/// What is inconsistent in the rule itself, one line each; empty for a sound rule.
std::vector<std::string> faults_of(const RetentionRule& rule);

}  // namespace dsar
