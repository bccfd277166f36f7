#pragma once

#include "core/enum_names.hpp"

/// The words that policies, retention rules and data maps share, each with its name in files.
namespace dsar {

/// What kind of data a record set holds, as the policies tell kinds apart.
enum class DataCategory {
  account,
  conversation,
  message,
  attachment,
  contact_form,
  result,
  report,
  usage,
  behavioural,
  analytics,
  technical_log,
  billing,
  audit_log,
  website_content,
  integration_data,
  marketing_subscription,
  notification,
  enquiry,
  survey,
  request_record,  ///< the register of requests and holds: not of what a policy calls all data
};

template <>
struct EnumNames<DataCategory> {
  using C = DataCategory;
  static constexpr std::array table{
      EnumName<C>{C::account, "account"},
      EnumName<C>{C::conversation, "conversation"},
      EnumName<C>{C::message, "message"},
      EnumName<C>{C::attachment, "attachment"},
      EnumName<C>{C::contact_form, "contact-form"},
      EnumName<C>{C::result, "result"},
      EnumName<C>{C::report, "report"},
      EnumName<C>{C::usage, "usage"},
      EnumName<C>{C::behavioural, "behavioural"},
      EnumName<C>{C::analytics, "analytics"},
      EnumName<C>{C::technical_log, "technical-log"},
      EnumName<C>{C::billing, "billing"},
      EnumName<C>{C::audit_log, "audit-log"},
      EnumName<C>{C::website_content, "website-content"},
      EnumName<C>{C::integration_data, "integration-data"},
      EnumName<C>{C::marketing_subscription, "marketing-subscription"},
      EnumName<C>{C::notification, "notification"},
      EnumName<C>{C::enquiry, "enquiry"},
      EnumName<C>{C::survey, "survey"},
      EnumName<C>{C::request_record, "request-record"},
  };
};

/// An event that starts a retention period, or that retention waits for.
enum class ClockEvent {
  collection,
  creation,
  last_activity,
  last_inbound_message,  ///< the visitor's own last message, even if that has been swept since
  account_closure,
  trial_end,
  organisation_archived,
  contract_end,
  content_refreshed,
  consent_withdrawn,
  unsubscribed,
  deletion_requested,
  child_discovered,
  purpose_ended,
};

template <>
struct EnumNames<ClockEvent> {
  using C = ClockEvent;
  static constexpr std::array table{
      EnumName<C>{C::collection, "collection"},
      EnumName<C>{C::creation, "creation"},
      EnumName<C>{C::last_activity, "last-activity"},
      EnumName<C>{C::last_inbound_message, "last-inbound-message"},
      EnumName<C>{C::account_closure, "account-closure"},
      EnumName<C>{C::trial_end, "trial-end"},
      EnumName<C>{C::organisation_archived, "organisation-archived"},
      EnumName<C>{C::contract_end, "contract-end"},
      EnumName<C>{C::content_refreshed, "content-refreshed"},
      EnumName<C>{C::consent_withdrawn, "consent-withdrawn"},
      EnumName<C>{C::unsubscribed, "unsubscribed"},
      EnumName<C>{C::deletion_requested, "deletion-requested"},
      EnumName<C>{C::child_discovered, "child-discovered"},
      EnumName<C>{C::purpose_ended, "purpose-ended"},
  };
};

/// Which of a rule's several clock events counts.
enum class ClockChoice {
  only,      ///< there is one event, or none
  earliest,  ///< whichever happens first
  latest,    ///< the later of them
};

template <>
struct EnumNames<ClockChoice> {
  using C = ClockChoice;
  static constexpr std::array table{
      EnumName<C>{C::only, "only"},
      EnumName<C>{C::earliest, "earliest"},
      EnumName<C>{C::latest, "latest"},
  };
};

/// What a rule does to the time that its rows may or must be kept.
enum class Bound {
  ceiling,                   ///< must be gone by then
  floor,                     ///< no sweep may take it before then
  floor_by_law,              ///< the same, resting on law: stops an erasure too
  ceiling_and_floor_by_law,  ///< due then, never earlier, not even by an erasure
  exemption,                 ///< stops everything for rows with a recorded legal ground
};

template <>
struct EnumNames<Bound> {
  using B = Bound;
  static constexpr std::array table{
      EnumName<B>{B::ceiling, "ceiling"},
      EnumName<B>{B::floor, "floor"},
      EnumName<B>{B::floor_by_law, "floor-by-law"},
      EnumName<B>{B::ceiling_and_floor_by_law, "ceiling-and-floor-by-law"},
      EnumName<B>{B::exemption, "exemption"},
  };
};

/// May a tenant, or the operator, put another period in a rule's place?
enum class OverridePermission {
  no,
  shorter_only,
  any_length,         ///< on a recorded request
  operator_must_set,  ///< the policy states none: nothing happens until the operator sets one
};

template <>
struct EnumNames<OverridePermission> {
  using O = OverridePermission;
  static constexpr std::array table{
      EnumName<O>{O::no, "no"},
      EnumName<O>{O::shorter_only, "shorter-only"},
      EnumName<O>{O::any_length, "any-length"},
      EnumName<O>{O::operator_must_set, "operator-must-set"},
  };
};

/// What else must be true for a rule to apply to a row.
enum class RuleCondition {
  unless_reengaged,          ///< no inbound message since, before the row fell due
  unless_converted,          ///< the trial did not become a subscription
  unless_unarchived,         ///< un-archiving clears the clock
  unless_ground_recorded,    ///< rows with a recorded legal ground are withheld
  unless_consent_of_parent,  ///< no verified parental consent
  binds_sweeps_only,         ///< a granted erasure overrides it
};

template <>
struct EnumNames<RuleCondition> {
  using C = RuleCondition;
  static constexpr std::array table{
      EnumName<C>{C::unless_reengaged, "unless-reengaged"},
      EnumName<C>{C::unless_converted, "unless-converted"},
      EnumName<C>{C::unless_unarchived, "unless-unarchived"},
      EnumName<C>{C::unless_ground_recorded, "unless-ground-recorded"},
      EnumName<C>{C::unless_consent_of_parent, "unless-consent-of-parent"},
      EnumName<C>{C::binds_sweeps_only, "binds-sweeps-only"},
  };
};

/// What is done to a row that is due.
enum class RuleAction {
  delete_row,
  clear_columns,  ///< clear or pseudonymise the personal columns, keep the row
  suppress,       ///< stop, and keep a minimal suppression entry
};

template <>
struct EnumNames<RuleAction> {
  using A = RuleAction;
  static constexpr std::array table{
      EnumName<A>{A::delete_row, "delete-row"},
      EnumName<A>{A::clear_columns, "clear-columns"},
      EnumName<A>{A::suppress, "suppress"},
  };
};

/// Who decides on the data: a processor forwards a request to its customer.
enum class Role { controller, processor };

template <>
struct EnumNames<Role> {
  static constexpr std::array table{
      EnumName<Role>{Role::controller, "controller"},
      EnumName<Role>{Role::processor, "processor"},
  };
};

/// Art. 6(1) and, for explicit consent, Art. 9(2)(a).
enum class LegalBasis {
  consent,
  contract,
  legal_obligation,
  vital_interests,
  public_task,
  legitimate_interest,
  explicit_consent,
};

template <>
struct EnumNames<LegalBasis> {
  using B = LegalBasis;
  static constexpr std::array table{
      EnumName<B>{B::consent, "consent"},
      EnumName<B>{B::contract, "contract"},
      EnumName<B>{B::legal_obligation, "legal-obligation"},
      EnumName<B>{B::vital_interests, "vital-interests"},
      EnumName<B>{B::public_task, "public-task"},
      EnumName<B>{B::legitimate_interest, "legitimate-interest"},
      EnumName<B>{B::explicit_consent, "explicit-consent"},
  };
};

/// The laws that set the time limits and rights.
enum class Regime { uk_gdpr, eu_gdpr, ccpa };

template <>
struct EnumNames<Regime> {
  static constexpr std::array table{
      EnumName<Regime>{Regime::uk_gdpr, "uk-gdpr"},
      EnumName<Regime>{Regime::eu_gdpr, "eu-gdpr"},
      EnumName<Regime>{Regime::ccpa, "ccpa"},
  };
};

/// What a data subject may ask for.
enum class RightKind {
  be_informed,         ///< Art. 13, 14
  access,              ///< Art. 15
  rectification,       ///< Art. 16
  completion,          ///< Art. 16, second sentence
  erasure,             ///< Art. 17
  restriction,         ///< Art. 18
  portability,         ///< Art. 20
  objection,           ///< Art. 21
  stop_marketing,      ///< Art. 21(2), (3)
  automated_decision,  ///< Art. 22
  human_review,        ///< of an answer that a machine gave
  opt_out_of_ai,
  withdraw_consent,  ///< Art. 7(3)
  complaint,         ///< Art. 77
  compensation,      ///< Art. 82
  know,              ///< Cal. Civ. Code 1798.100, .110
  california_delete,
  california_correct,
  opt_out_of_sale,
  limit_sensitive,
  non_discrimination,
};

template <>
struct EnumNames<RightKind> {
  using R = RightKind;
  static constexpr std::array table{
      EnumName<R>{R::be_informed, "be-informed"},
      EnumName<R>{R::access, "access"},
      EnumName<R>{R::rectification, "rectification"},
      EnumName<R>{R::completion, "completion"},
      EnumName<R>{R::erasure, "erasure"},
      EnumName<R>{R::restriction, "restriction"},
      EnumName<R>{R::portability, "portability"},
      EnumName<R>{R::objection, "objection"},
      EnumName<R>{R::stop_marketing, "stop-marketing"},
      EnumName<R>{R::automated_decision, "automated-decision"},
      EnumName<R>{R::human_review, "human-review"},
      EnumName<R>{R::opt_out_of_ai, "opt-out-of-ai"},
      EnumName<R>{R::withdraw_consent, "withdraw-consent"},
      EnumName<R>{R::complaint, "complaint"},
      EnumName<R>{R::compensation, "compensation"},
      EnumName<R>{R::know, "know"},
      EnumName<R>{R::california_delete, "california-delete"},
      EnumName<R>{R::california_correct, "california-correct"},
      EnumName<R>{R::opt_out_of_sale, "opt-out-of-sale"},
      EnumName<R>{R::limit_sensitive, "limit-sensitive"},
      EnumName<R>{R::non_discrimination, "non-discrimination"},
  };
};

/// How somebody can be reached.
enum class Channel { email, phone, post, web };

template <>
struct EnumNames<Channel> {
  static constexpr std::array table{
      EnumName<Channel>{Channel::email, "email"},
      EnumName<Channel>{Channel::phone, "phone"},
      EnumName<Channel>{Channel::post, "post"},
      EnumName<Channel>{Channel::web, "web"},
  };
};

}  // namespace dsar
