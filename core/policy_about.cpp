#include "core/policy_about.hpp"

#include <algorithm>

#include "core/policy_wording.hpp"

namespace dsar {
namespace {

bool is_californian(RightKind kind) {
  switch (kind) {
    case RightKind::know:
    case RightKind::california_delete:
    case RightKind::california_correct:
    case RightKind::opt_out_of_sale:
    case RightKind::limit_sensitive:
    case RightKind::non_discrimination:
      return true;
    case RightKind::be_informed:
    case RightKind::access:
    case RightKind::rectification:
    case RightKind::completion:
    case RightKind::erasure:
    case RightKind::restriction:
    case RightKind::portability:
    case RightKind::objection:
    case RightKind::stop_marketing:
    case RightKind::automated_decision:
    case RightKind::human_review:
    case RightKind::opt_out_of_ai:
    case RightKind::withdraw_consent:
    case RightKind::complaint:
    case RightKind::compensation:
      return false;
  }
  return false;
}

/// The rules with the periods that are in force.
std::vector<RetentionRule> rules_in_force(const Policy& policy, const AboutQuestion& question) {
  std::vector<RetentionRule> rules = policy.rules;
  for (const EffectiveRule& effective : question.in_force) {
    if (!effective.overridden) continue;
    for (RetentionRule& rule : rules) {
      if (rule.id == effective.rule->id) rule.period = effective.period;
    }
  }
  return rules;
}

/// `in_force`: the same rule with the period that holds here.
RetentionFact retention_fact(const RetentionRule& rule, const RetentionRule& in_force) {
  return {.rule = rule.id,
          .categories = rule.categories,
          .with_recorded_ground = rule.with_recorded_ground,
          .words = rule_in_words(rule),
          .period = period_in_words(rule),
          .stated = rule.period.kind() != PeriodKind::not_stated,
          .set = in_force.period == rule.period ? std::string() : period_in_words(in_force),
          .note = rule.note,
          .citation = rule.citation};
}

/// The event comes from, or is about, one person, and is not the ordinary end of keeping.
bool is_special(ClockEvent event) {
  return event == ClockEvent::deletion_requested || event == ClockEvent::consent_withdrawn ||
         event == ClockEvent::child_discovered || event == ClockEvent::unsubscribed;
}

bool says_how_long(const RetentionRule& rule) {
  return (rule.period.is_counted() || rule.period.is_zero()) &&
         std::none_of(rule.clock.begin(), rule.clock.end(), is_special);
}

CategoryFacts category_facts(const Policy& policy, const std::vector<RetentionRule>& in_force,
                             DataCategory category) {
  const RoleOf& role = role_of(policy, category);
  CategoryFacts facts{.category = category,
                      .role = role.role,
                      .role_stated = role.stated,
                      .answered_by = role.answered_by,
                      .held = {},
                      .kept = {},
                      .rules = {}};
  for (const CollectedData& data : policy.data) {
    if (data.category == category) facts.held.push_back(data);
  }
  const bool law_decides =
      std::any_of(in_force.begin(), in_force.end(), [&](const RetentionRule& rule) {
        return rule.bound == Bound::floor_by_law && !rule.period.is_counted() &&
               rule.categories.contains(category);
      });
  for (const RetentionRule& rule : in_force) {
    const bool covered = rule.categories.contains(category);
    if (covered || rule.with_recorded_ground) facts.rules.push_back(rule.id);
    if (covered && !law_decides && says_how_long(rule)) {
      facts.kept.push_back((rule.action ? "" : "at least ") + period_in_words(rule));
    }
  }
  return facts;
}

std::vector<Purpose> purposes_for(const Policy& policy, const CategorySet& categories) {
  std::vector<Purpose> result;
  for (const Purpose& purpose : policy.purposes) {
    if (purpose.categories.empty() || purpose.categories.meets(categories)) {
      result.push_back(purpose);
    }
  }
  return result;
}

std::vector<RetentionFact> rules_for(const Policy& policy,
                                     const std::vector<RetentionRule>& in_force,
                                     const CategorySet& categories) {
  std::vector<RetentionFact> result;
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const RetentionRule& rule = policy.rules[i];
    if (rule.with_recorded_ground || rule.categories.meets(categories)) {
      result.push_back(retention_fact(rule, in_force[i]));
    }
  }
  return result;
}

std::vector<Recipient> recipients_for(const Policy& policy, const AboutQuestion& question) {
  std::vector<Recipient> result;
  for (const Recipient& recipient : policy.recipients) {
    const bool enabled = !recipient.integration || !question.integrations ||
                         std::find(question.integrations->begin(), question.integrations->end(),
                                   *recipient.integration) != question.integrations->end();
    if (enabled) result.push_back(recipient);
  }
  return result;
}

std::vector<Right> rights_for(const Policy& policy, bool california) {
  std::vector<Right> result;
  for (const Right& right : policy.rights) {
    if (california || !is_californian(right.kind)) result.push_back(right);
  }
  return result;
}

std::vector<StatutoryLimit> limits_for(const Policy& policy, bool california) {
  std::vector<StatutoryLimit> result;
  for (const Regime regime : policy.regimes) {
    if (california || regime != Regime::ccpa) result.push_back(statutory_limit(regime));
  }
  return result;
}

}  // namespace

About about(const Policy& policy, const AboutQuestion& question) {
  const CategorySet categories = question.categories.value_or(collected_categories(policy));
  const std::vector<RetentionRule> in_force = rules_in_force(policy, question);
  About result{.policy = policy.id,
               .title = policy.title,
               .documents = policy.documents,
               .publisher = policy.publisher,
               .customer = question.customer,
               .contacts = policy.contacts,
               .regimes = policy.regimes,
               .other_laws = policy.other_laws,
               .purposes = purposes_for(policy, categories),
               .categories = {},
               .rules = rules_for(policy, in_force, categories),
               .recipients = recipients_for(policy, question),
               .rights = rights_for(policy, question.california),
               .authorities = policy.authorities,
               .solely_automated_decisions = policy.solely_automated_decisions,
               .transfers = policy.transfers,
               .response = policy.response,
               .statutory_limits = limits_for(policy, question.california),
               .verification = policy.verification,
               .authorised_agents = policy.authorised_agents,
               .fees = policy.fees,
               .refusals = policy.refusals,
               .sells_data = policy.sells_data,
               .honours_do_not_track = policy.honours_do_not_track,
               .cookies = policy.cookies,
               .remarks = policy.remarks,
               .unstated = policy.unstated,
               .choices = question.choices,
               .california_asked = question.california,
               .california = question.california ? policy.california : std::nullopt};
  for (const DataCategory category : categories.values()) {
    result.categories.push_back(category_facts(policy, in_force, category));
  }
  return result;
}

}  // namespace dsar
