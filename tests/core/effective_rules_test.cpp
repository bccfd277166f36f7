#include "core/effective_rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/policies/builtin.hpp"

namespace {

using namespace dsar;
namespace chr = std::chrono;

/// The policy's rules with overrides, and what was refused.
struct Outcome {
  std::vector<EffectiveRule> rules;
  std::vector<std::string> refused;

  [[nodiscard]] const EffectiveRule& rule(const std::string& id) const {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const EffectiveRule& each) { return each.rule->id == id; });
    REQUIRE(found != rules.end());
    return *found;
  }
};

Outcome apply(const char* policy, const std::vector<RuleOverride>& overrides) {
  Outcome outcome;
  outcome.rules = effective_rules(policy_named(policy), overrides, outcome.refused);
  return outcome;
}

RuleOverride change(const char* rule, const Period& period, const char* reason = "asked for it",
                    const char* source = "map.json:12: /overrides/0") {
  return {.rule = rule, .period = period, .reason = reason, .source = source};
}

/// Nothing of the override holds, and the one line of refusal is this.
void check_refused(const char* policy, const RuleOverride& wanted, const std::string& line) {
  const Outcome outcome = apply(policy, {wanted});
  REQUIRE(outcome.refused.size() == 1);
  CHECK(outcome.refused.front() == line);
  for (const EffectiveRule& each : outcome.rules) {
    CHECK(each.period == each.rule->period);
    CHECK_FALSE(each.overridden);
  }
}

}  // namespace

TEST_CASE("without overrides every rule holds as the policy states it, in its order") {
  for (const Policy& policy : builtin_policies()) {
    std::vector<std::string> refused;
    const auto rules = effective_rules(policy, {}, refused);
    CHECK(refused.empty());
    REQUIRE(rules.size() == policy.rules.size());
    for (std::size_t i = 0; i < rules.size(); ++i) {
      CHECK(rules[i].rule == &policy.rules[i]);
      CHECK(rules[i].period == policy.rules[i].period);
      CHECK_FALSE(rules[i].overridden);
    }
  }
}

TEST_CASE("a clause that allows shorter periods takes shorter and equal ones alone") {
  const Outcome outcome = apply("omniops", {change("chat", Period::days(30), "dashboard"),
                                            change("account", Period::months(24), "dashboard"),
                                            change("analytics", Period::months(5), "dashboard")});
  CHECK(outcome.refused.empty());
  CHECK(outcome.rule("chat").period == Period::days(30));
  CHECK(outcome.rule("chat").overridden);
  CHECK(outcome.rule("chat").reason == "dashboard");
  CHECK(outcome.rule("account").period == Period::months(24));
  CHECK(outcome.rule("analytics").period == Period::months(5));
  CHECK_FALSE(outcome.rule("audit-log").overridden);

  check_refused("omniops", change("chat", Period::days(91)),
                "map.json:12: /overrides/0: rule 'chat' (OmniOps Privacy Policy (version 3.0, 20 "
                "February 2026), Data Retention): only shorter periods are allowed, and 91 days "
                "can be longer than '90 days'");
  check_refused("omniops", change("chat", Period::months(3), "", ""),
                "rule 'chat' (OmniOps Privacy Policy (version 3.0, 20 February 2026), Data "
                "Retention): only shorter periods are allowed, and 3 months can be longer than '90 "
                "days'");
}

TEST_CASE("nothing counted is shorter than at once") {
  check_refused("omniops", change("website-content", Period::days(1)),
                "map.json:12: /overrides/0: rule 'website-content' (OmniOps Privacy Policy "
                "(version 3.0, 20 February 2026), Data Retention): only shorter periods are "
                "allowed, and 1 day can be longer than 'at once'");
}

TEST_CASE("a clause that allows any length takes it on a recorded request alone") {
  const Outcome outcome =
      apply("web1on1", {change("conversation", Period::years(5), "letter of 3 March"),
                        change("contact-form", Period::days(1), "letter of 3 March")});
  CHECK(outcome.refused.empty());
  CHECK(outcome.rule("conversation").period == Period::years(5));
  CHECK(outcome.rule("contact-form").period == Period::days(1));
  CHECK(outcome.rule("contact-form").reason == "letter of 3 March");

  check_refused("web1on1", change("conversation", Period::days(30), " \t"),
                "map.json:12: /overrides/0: rule 'conversation' (Web1on1 Privacy Policy "
                "(undated), 7.6, 7.7): another period needs a recorded request: the reason is "
                "missing");
}

TEST_CASE("a clause that allows no override takes none, not even a shorter one") {
  check_refused("visitorchat", change("contract", Period::months(1)),
                "map.json:12: /overrides/0: rule 'contract' (" +
                    to_text(find_rule(policy_named("visitorchat"), "contract")->citation) +
                    "): no override is allowed");
  for (const Policy& policy : builtin_policies()) {
    for (const RetentionRule& rule : policy.rules) {
      if (rule.tenant_override != OverridePermission::no) continue;
      CAPTURE(policy.id);
      CAPTURE(rule.id);
      std::vector<std::string> refused;
      const auto rules =
          effective_rules(policy, {change(rule.id.c_str(), Period::days(1))}, refused);
      REQUIRE(refused.size() == 1);
      CHECK(refused.front().find(rule.citation.clause + "): no override is allowed") !=
            std::string::npos);
    }
  }
}

TEST_CASE("a period that the policy leaves open is what the operator sets") {
  const Outcome outcome = apply("operatorone", {change("legal-accounting", Period::years(6))});
  CHECK(outcome.refused.empty());
  CHECK(outcome.rule("legal-accounting").period == Period::years(6));
  CHECK(outcome.rule("legal-accounting").overridden);
  // Left open again, it would stop nothing and delete nothing.
  CHECK(apply("operatorone", {}).rule("legal-accounting").period == Period::not_stated());
}

TEST_CASE("an override is a counted period, whatever the clause allows") {
  for (const Period& period :
       {Period::at_once(), Period::none_after(), Period::while_needed(), Period::not_stated()}) {
    check_refused("operatorone", change("legal-accounting", period),
                  "map.json:12: /overrides/0: rule 'legal-accounting' (OperatorOne Privacy Policy "
                  "(12 February 2026), §7): an override is a number of days, months or years, not "
                  "'" +
                      to_text(period) + "'");
  }
  CHECK(apply("omniops", {change("chat", Period::at_once())}).refused.size() == 1);
}

TEST_CASE("an override of a rule that the policy does not have is refused with the nearest name") {
  check_refused("omniops", change("chats", Period::days(30)),
                "map.json:12: /overrides/0: the policy 'omniops' has no rule 'chats'; did you mean "
                "'chat'?");
}

TEST_CASE("of two overrides of one rule neither holds, and each names the other") {
  const Outcome outcome = apply("omniops", {change("chat", Period::days(30), "", "map.json:1"),
                                            change("analytics", Period::days(30), "", "map.json:2"),
                                            change("chat", Period::days(60), "", "policy.json:3")});
  REQUIRE(outcome.refused.size() == 2);
  CHECK(outcome.refused[0].find("map.json:1: rule 'chat'") == 0);
  CHECK(outcome.refused[0].find("overridden twice, also in policy.json:3") != std::string::npos);
  CHECK(outcome.refused[1].find("policy.json:3: rule 'chat'") == 0);
  CHECK(outcome.refused[1].find("overridden twice, also in map.json:1") != std::string::npos);
  CHECK(outcome.rule("chat").period == Period::days(90));
  CHECK_FALSE(outcome.rule("chat").overridden);
  CHECK(outcome.rule("analytics").overridden);
}

TEST_CASE("a tenant's own period stands before the operator's general one") {
  RuleOverride general =
      change("purpose-registration", Period::years(2), "operator", "policy.json:3");
  general.general = true;
  const Outcome all = apply("dataops", {general});
  CHECK(all.refused.empty());
  CHECK(all.rule("purpose-registration").period == Period::years(2));

  for (const bool first : {true, false}) {
    const RuleOverride own =
        change("purpose-registration", Period::years(5), "tenant", "map.json:4");
    const Outcome outcome =
        first ? apply("dataops", {own, general}) : apply("dataops", {general, own});
    CHECK(outcome.refused.empty());
    CHECK(outcome.rule("purpose-registration").period == Period::years(5));
    CHECK(outcome.rule("purpose-registration").reason == "tenant");
  }
}

TEST_CASE("a period is never longer than another exactly when it ends no later on any date") {
  const std::vector<Period> periods{
      Period::days(27),   Period::days(28),   Period::days(29),   Period::days(30),
      Period::days(31),   Period::days(32),   Period::days(58),   Period::days(59),
      Period::days(60),   Period::days(89),   Period::days(90),   Period::days(92),
      Period::days(93),   Period::days(364),  Period::days(365),  Period::days(366),
      Period::days(730),  Period::days(731),  Period::days(732),  Period::months(1),
      Period::months(2),  Period::months(3),  Period::months(11), Period::months(12),
      Period::months(24), Period::months(25), Period::years(1),   Period::years(2)};
  // A leap day, and a century without one.
  const Date first{chr::year{2095} / chr::January / 1};
  const Date last{chr::year{2104} / chr::December / 31};
  const Date usual{chr::year{2024} / chr::January / 1};
  const Date usual_last{chr::year{2028} / chr::December / 31};
  std::vector<std::vector<Date>> ends(periods.size());
  for (std::size_t i = 0; i < periods.size(); ++i) {
    for (Date d = first; d <= last; d += chr::days{1}) ends[i].push_back(add(d, periods[i]));
    for (Date d = usual; d <= usual_last; d += chr::days{1}) ends[i].push_back(add(d, periods[i]));
  }
  for (std::size_t i = 0; i < periods.size(); ++i) {
    for (std::size_t k = 0; k < periods.size(); ++k) {
      const bool on_no_date_later =
          std::equal(ends[i].begin(), ends[i].end(), ends[k].begin(), std::less_equal<>());
      CAPTURE(to_text(periods[i]));
      CAPTURE(to_text(periods[k]));
      CHECK(never_longer(periods[i], periods[k]) == on_no_date_later);
    }
  }
}

TEST_CASE("a period without length is compared with none") {
  CHECK(never_longer(Period::at_once(), Period::days(1)));
  CHECK(never_longer(Period::at_once(), Period::none_after()));
  CHECK_FALSE(never_longer(Period::days(1), Period::at_once()));
  for (const Period& open : {Period::not_stated(), Period::while_needed()}) {
    CHECK_FALSE(never_longer(open, Period::years(100)));
    CHECK_FALSE(never_longer(Period::days(1), open));
    CHECK_FALSE(never_longer(open, open));
  }
}
