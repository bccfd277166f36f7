#include "core/policy_wording.hpp"

#include <stdexcept>
#include <string_view>

namespace dsar {
namespace {

std::string_view event_in_words(ClockEvent event) {
  switch (event) {
    case ClockEvent::collection:
      return "collection";
    case ClockEvent::creation:
      return "creation";
    case ClockEvent::last_activity:
      return "last activity";
    case ClockEvent::last_inbound_message:
      return "the visitor's last own message";
    case ClockEvent::account_closure:
      return "closure of the account";
    case ClockEvent::trial_end:
      return "the end of the trial";
    case ClockEvent::organisation_archived:
      return "archiving of the organisation";
    case ClockEvent::contract_end:
      return "the end of the contract";
    case ClockEvent::content_refreshed:
      return "refreshing of the content";
    case ClockEvent::consent_withdrawn:
      return "withdrawal of consent";
    case ClockEvent::unsubscribed:
      return "unsubscribing";
    case ClockEvent::deletion_requested:
      return "a request for deletion";
    case ClockEvent::child_discovered:
      return "learning that the person is a child";
    case ClockEvent::purpose_ended:
      return "the end of the purpose";
  }
  throw std::logic_error("a clock event has no wording");
}

std::string_view condition_in_words(RuleCondition condition) {
  switch (condition) {
    case RuleCondition::unless_reengaged:
      return "Not if the visitor has written again in the meantime.";
    case RuleCondition::unless_converted:
      return "Not if the trial has become a subscription.";
    case RuleCondition::unless_unarchived:
      return "Not if the organisation has been taken out of the archive again.";
    case RuleCondition::unless_ground_recorded:
      return "Withheld where a legal ground is recorded.";
    case RuleCondition::unless_consent_of_parent:
      return "Not if a parent's consent has been verified.";
    case RuleCondition::binds_sweeps_only:
      return "An erasure that is granted does not wait for it.";
  }
  throw std::logic_error("a rule's condition has no wording");
}

std::string_view override_in_words(OverridePermission permission) {
  switch (permission) {
    case OverridePermission::no:
      return "";
    case OverridePermission::shorter_only:
      return "The customer may set a shorter period.";
    case OverridePermission::any_length:
      return "The customer may have another period set, on a recorded request.";
    case OverridePermission::operator_must_set:
      return "The policy states no period: the operator has to set one.";
  }
  throw std::logic_error("an override permission has no wording");
}

std::string action_in_words(const RetentionRule& rule) {
  switch (rule.action.value_or(RuleAction::delete_row)) {
    case RuleAction::delete_row:
      return "Deleted ";
    case RuleAction::clear_columns:
      return "Personal details are cleared ";
    case RuleAction::suppress:
      return "Stopped, keeping only what is needed to keep it stopped, ";
  }
  throw std::logic_error("a rule's action has no wording");
}

std::string bound_in_words(const RetentionRule& rule) {
  const bool stated = rule.period.kind() != PeriodKind::not_stated;
  const std::string period = period_in_words(rule);
  const std::string action = action_in_words(rule);
  const std::string clock = clock_in_words(rule);
  switch (rule.bound) {
    case Bound::ceiling:
      if (!stated) return action + "after " + clock + ".";
      return action + (rule.period.is_zero() ? "at once upon " + clock : period) + ".";
    case Bound::floor:
      return "Kept until at least " + (stated ? period : clock) + ".";
    case Bound::floor_by_law:
      return stated ? "Kept until at least " + period + ", because the law requires it."
                    : "Kept for as long as the law requires it.";
    case Bound::ceiling_and_floor_by_law:
      return action + period + " and not earlier, because the law requires it.";
    case Bound::exemption:
      return "Kept " + period + ".";
  }
  throw std::logic_error("a bound has no wording");
}

}  // namespace

std::string clock_in_words(const RetentionRule& rule) {
  std::string words;
  for (const ClockEvent event : rule.clock) {
    if (!words.empty()) words += rule.choice == ClockChoice::latest ? " and " : " or ";
    words += event_in_words(event);
  }
  if (rule.choice == ClockChoice::latest) return "the later of " + words;
  if (rule.choice == ClockChoice::earliest) return words + " (whichever comes first)";
  return words;
}

std::string period_in_words(const RetentionRule& rule) {
  const std::string clock = clock_in_words(rule);
  switch (rule.period.kind()) {
    case PeriodKind::days:
    case PeriodKind::months:
    case PeriodKind::years:
      return to_text(rule.period) + (clock.empty() ? "" : " after " + clock);
    case PeriodKind::at_once:
    case PeriodKind::none_after:
      return "until " + clock;
    case PeriodKind::while_needed:
      return "for as long as a recorded legal ground needs it";
    case PeriodKind::not_stated:
      break;
  }
  return "not stated";
}

std::string rule_in_words(const RetentionRule& rule) {
  std::string words = bound_in_words(rule);
  if (rule.with_recorded_ground && !rule.categories.empty()) {
    words += " It concerns " + to_text(rule.categories) + " and what has a recorded legal ground.";
  }
  for (const RuleCondition condition : rule.conditions) {
    words += " ";
    words += condition_in_words(condition);
  }
  if (const std::string_view permission = override_in_words(rule.tenant_override);
      !permission.empty()) {
    words += " ";
    words += permission;
  }
  return words;
}

}  // namespace dsar
