#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/policies/builtin.hpp"

// The retention clauses of the five published texts, written down a second time and compared line
// by line with the policies.

namespace {

using namespace dsar;
using enum DataCategory;
using E = ClockEvent;
using P = Period;

struct Line {
  const char* id;
  CategorySet categories;
  std::vector<ClockEvent> clock;
  Period period;
  Bound bound;
  OverridePermission may_override;
  std::optional<RuleAction> action;
  const char* clause;
};

/// No text says how long records of requests are kept: the law does, see below.
bool is_of_the_text(const RetentionRule& rule) {
  return !rule.categories.contains(request_record);
}

void check_lines(const char* policy_id, const std::vector<Line>& lines) {
  const Policy& policy = policy_named(policy_id);
  CHECK(static_cast<std::size_t>(std::count_if(policy.rules.begin(), policy.rules.end(),
                                               is_of_the_text)) == lines.size());
  for (const Line& line : lines) {
    CAPTURE(line.id);
    const RetentionRule* const rule = find_rule(policy, line.id);
    REQUIRE(rule != nullptr);
    CHECK(to_text(rule->categories) == to_text(line.categories));
    CHECK(rule->clock == line.clock);
    CHECK(to_text(rule->period) == to_text(line.period));
    CHECK(to_string(rule->bound) == to_string(line.bound));
    CHECK(to_string(rule->tenant_override) == to_string(line.may_override));
    CHECK(rule->action == line.action);
    CHECK(rule->citation.clause == line.clause);
  }
}

const RetentionRule& rule(const char* policy, const char* id) {
  const RetentionRule* const found = find_rule(policy_named(policy), id);
  REQUIRE(found != nullptr);
  return *found;
}

constexpr auto no = OverridePermission::no;
constexpr auto shorter = OverridePermission::shorter_only;
constexpr auto any = OverridePermission::any_length;
constexpr auto must_set = OverridePermission::operator_must_set;
constexpr auto ceiling = Bound::ceiling;
constexpr auto by_law = Bound::floor_by_law;
constexpr auto delete_row = RuleAction::delete_row;

}  // namespace

TEST_CASE("OperatorOne keeps data while the account is active, unless law or a request decides") {
  const CategorySet widget{conversation, message, attachment, contact_form};
  check_lines("operatorone",
              {{"account-active",
                widget | CategorySet{account, technical_log, usage, analytics},
                {E::account_closure},
                P::none_after(),
                ceiling,
                no,
                delete_row,
                "§7"},
               {"legal-accounting", {billing}, {}, P::not_stated(), by_law, must_set, {}, "§7"},
               {"on-request",
                CategorySet::all(),
                {E::deletion_requested},
                P::at_once(),
                ceiling,
                no,
                delete_row,
                "§7"}});
  CHECK(rule("operatorone", "legal-accounting").with_recorded_ground);
  CHECK(rule("operatorone", "on-request").has(RuleCondition::unless_ground_recorded));
  CHECK(rule("operatorone", "on-request").citation.edition == "12 February 2026");
}

TEST_CASE("OmniOps keeps what its section on retention says") {
  const CategorySet consented{analytics, behavioural, usage};
  const char* const section = "Data Retention";
  check_lines(
      "omniops",
      {{"chat",
        {conversation, message, attachment},
        {E::creation},
        P::days(90),
        ceiling,
        shorter,
        delete_row,
        section},
       {"website-content",
        {website_content},
        {E::content_refreshed, E::account_closure},
        P::at_once(),
        ceiling,
        shorter,
        delete_row,
        section},
       {"analytics", consented, {E::creation}, P::days(180), ceiling, shorter, delete_row, section},
       {"account",
        {account},
        {E::account_closure},
        P::years(2),
        ceiling,
        shorter,
        delete_row,
        section},
       {"billing", {billing}, {}, P::not_stated(), by_law, must_set, {}, "Legal Obligation"},
       {"audit-log",
        {audit_log},
        {E::creation},
        P::months(24),
        Bound::ceiling_and_floor_by_law,
        no,
        delete_row,
        section},
       {"analytics-consent",
        consented,
        {E::consent_withdrawn},
        P::at_once(),
        ceiling,
        no,
        delete_row,
        "Withdrawing Consent; Art. 17(1)(b) GDPR"},
       {"child",
        CategorySet::all(),
        {E::child_discovered},
        P::at_once(),
        ceiling,
        no,
        delete_row,
        "Children's Privacy"}});
  CHECK(rule("omniops", "website-content").choice == ClockChoice::earliest);
  CHECK(rule("omniops", "child").has(RuleCondition::unless_consent_of_parent));
  CHECK(rule("omniops", "chat").citation.edition == "version 3.0, 20 February 2026");
}

TEST_CASE("Web1on1 ends trials and archived organisations, and keeps chats for 18 months") {
  check_lines(
      "web1on1",
      {{"trial", CategorySet::all(), {E::trial_end}, P::days(90), ceiling, no, delete_row, "7.5"},
       {"archived",
        CategorySet::all(),
        {E::organisation_archived},
        P::days(30),
        ceiling,
        no,
        delete_row,
        "7.5"},
       {"conversation",
        {conversation, message, attachment, result, report},
        {E::creation},
        P::months(18),
        ceiling,
        any,
        delete_row,
        "7.6, 7.7"},
       {"contact-form",
        {contact_form},
        {E::creation, E::last_inbound_message},
        P::months(18),
        ceiling,
        any,
        RuleAction::clear_columns,
        "7.6, 7.7"},
       {"accounting", {billing}, {}, P::not_stated(), by_law, must_set, {}, "3.1.4"}});
  CHECK(rule("web1on1", "trial").has(RuleCondition::unless_converted));
  CHECK(rule("web1on1", "archived").has(RuleCondition::unless_unarchived));
  CHECK(rule("web1on1", "contact-form").choice == ClockChoice::latest);
  CHECK(rule("web1on1", "contact-form").has(RuleCondition::unless_reengaged));
  CHECK(rule("web1on1", "trial").citation.edition == "undated");
}

TEST_CASE("Visitor Chat keeps three months at least, and three after the contract at most") {
  const CategorySet described{conversation, message,     attachment, contact_form,
                              usage,        behavioural, account,    notification};
  check_lines(
      "visitorchat",
      {{"minimum", described, {E::collection}, P::months(3), Bound::floor, no, {}, "5.3(a)"},
       {"contract", described, {E::contract_end}, P::months(3), ceiling, no, delete_row, "5.3(b)"},
       {"necessity",
        CategorySet::all(),
        {E::purpose_ended},
        P::not_stated(),
        ceiling,
        must_set,
        delete_row,
        "5.2"},
       {"legal", {}, {}, P::while_needed(), Bound::exemption, no, {}, "5.4"},
       {"own-records",
        {account, enquiry, billing, technical_log, analytics, marketing_subscription},
        {E::purpose_ended},
        P::not_stated(),
        ceiling,
        must_set,
        delete_row,
        "1.2"}});
  CHECK(rule("visitorchat", "minimum").has(RuleCondition::binds_sweeps_only));
  CHECK(rule("visitorchat", "legal").with_recorded_ground);
  CHECK(rule("visitorchat", "minimum").citation.document == "Visitor Chat US Privacy Policy");
  CHECK(rule("visitorchat", "own-records").citation.document == "Visitor Chat UK Privacy Policy");
  CHECK(rule("visitorchat", "own-records").citation.edition == "28 July 2020");
}

TEST_CASE("DataOps states no period, and only an end of marketing acts by itself") {
  const auto purpose = [](const char* id, const CategorySet& categories) {
    return Line{id,      categories, {E::purpose_ended}, P::not_stated(),
                ceiling, must_set,   delete_row,         "Data retention"};
  };
  check_lines("dataops", {purpose("purpose-registration", {account}),
                          purpose("purpose-purchases", {billing}),
                          purpose("purpose-relationship", {enquiry, contact_form, conversation,
                                                           message, attachment, notification}),
                          purpose("purpose-surveys", {survey}),
                          purpose("purpose-administration", {technical_log}),
                          purpose("purpose-advertising", {behavioural}),
                          purpose("purpose-analytics", {analytics, usage}),
                          purpose("purpose-suggestions", {marketing_subscription}),
                          {"marketing",
                           {marketing_subscription},
                           {E::unsubscribed},
                           P::at_once(),
                           ceiling,
                           no,
                           RuleAction::suppress,
                           "Unsubscribe (Opt Out)"}});
}

TEST_CASE("records of requests stay until the operator sets a period, in California 24 months") {
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    const RetentionRule* const open = find_rule(policy, "request-record");
    REQUIRE(open != nullptr);
    CHECK(open->period.kind() == PeriodKind::not_stated);
    CHECK(open->tenant_override == must_set);
    CHECK(open->bound == ceiling);
    const bool california = std::count(policy.regimes.begin(), policy.regimes.end(), Regime::ccpa);
    const RetentionRule* const floor = find_rule(policy, "request-record-ccpa");
    REQUIRE((floor != nullptr) == california);
    if (floor == nullptr) continue;
    CHECK(floor->bound == by_law);
    CHECK(floor->period == P::months(24));
    CHECK(floor->tenant_override == no);
  }
}

TEST_CASE("no rule about all data is about the records of requests") {
  for (const Policy& policy : builtin_policies()) {
    for (const RetentionRule& each : policy.rules) {
      CAPTURE(each.id);
      CHECK(each.categories.contains(request_record) == each.id.starts_with("request-record"));
    }
  }
}

TEST_CASE("in DataOps' table of purposes each kind of data stands under one purpose") {
  CategorySet seen;
  for (const RetentionRule& each : policy_named("dataops").rules) {
    if (each.id == "marketing") continue;
    CAPTURE(each.id);
    CHECK_FALSE(seen.meets(each.categories));
    seen = seen | each.categories;
  }
  CHECK((collected_categories(policy_named("dataops")) - seen).empty());
}

TEST_CASE("a recorded legal ground is the only thing that reaches rows of every kind unasked") {
  std::set<std::string> found;
  for (const Policy& policy : builtin_policies()) {
    for (const RetentionRule& each : policy.rules) {
      if (each.with_recorded_ground) found.insert(policy.id + "/" + each.id);
    }
  }
  CHECK(found == std::set<std::string>{"operatorone/legal-accounting", "visitorchat/legal"});
}
