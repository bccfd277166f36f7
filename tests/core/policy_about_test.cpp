#include "core/policy_about.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/policies/builtin.hpp"
#include "core/policy_wording.hpp"

namespace {

using namespace dsar;
using Texts = std::vector<std::string>;

const CategoryFacts& facts(const About& about, DataCategory category) {
  const auto found =
      std::find_if(about.categories.begin(), about.categories.end(),
                   [&](const CategoryFacts& each) { return each.category == category; });
  REQUIRE(found != about.categories.end());
  return *found;
}

std::string words(const char* policy, const char* id) {
  const RetentionRule* const rule = find_rule(policy_named(policy), id);
  REQUIRE(rule != nullptr);
  return rule_in_words(*rule);
}

bool has_purpose(const About& about, const std::string& id) {
  return std::any_of(about.purposes.begin(), about.purposes.end(),
                     [&](const Purpose& purpose) { return purpose.id == id; });
}

}  // namespace

TEST_CASE("a period that is set stands beside the policy's own, and is how long data are kept") {
  const Policy& policy = policy_named("omniops");
  std::vector<std::string> refused;
  AboutQuestion question;
  question.in_force = effective_rules(
      policy, {{"chat", Period::days(30), "", ""}, {"billing", Period::years(6), "tax law", ""}},
      refused);
  REQUIRE(refused.empty());
  const About result = about(policy, question);
  for (const RetentionFact& fact : result.rules) {
    CAPTURE(fact.rule);
    if (fact.rule == "chat") {
      CHECK(fact.period == "90 days after creation");
      CHECK(fact.set == "30 days after creation");
    } else {
      CHECK(fact.set == (fact.rule == "billing" ? "6 years" : ""));
    }
  }
  const auto kept = [&](DataCategory category) { return facts(result, category).kept; };
  CHECK(kept(DataCategory::message) == std::vector<std::string>{"30 days after creation"});
  CHECK(kept(DataCategory::billing) == std::vector<std::string>{"at least 6 years"});
  CHECK(kept(DataCategory::audit_log) == std::vector<std::string>{"24 months after creation"});
}

TEST_CASE("each policy's facts carry its recipients, contacts, authorities and rights") {
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    const About result = about(policy, {.california = true});
    CHECK(result.recipients.size() == policy.recipients.size());
    CHECK(result.contacts.size() == policy.contacts.size());
    CHECK(result.authorities.size() == policy.authorities.size());
    CHECK(result.rights.size() == policy.rights.size());
    // Records of requests are none of what a policy collects.
    const auto rules =
        std::count_if(policy.rules.begin(), policy.rules.end(), [](const RetentionRule& rule) {
          return !rule.categories.contains(DataCategory::request_record);
        });
    CHECK(result.rules.size() == static_cast<std::size_t>(rules));
    CHECK(result.statutory_limits.size() == policy.regimes.size());
    CHECK(result.purposes.size() == policy.purposes.size());
    for (const CategoryFacts& each : result.categories) CHECK_FALSE(each.held.empty());
  }
}

TEST_CASE("how long each kind of data is kept is said in words") {
  const About omniops = about(policy_named("omniops"));
  CHECK(facts(omniops, DataCategory::message).kept == Texts{"90 days after creation"});
  CHECK(facts(omniops, DataCategory::account).kept ==
        Texts{"2 years after closure of the account"});
  CHECK(facts(omniops, DataCategory::audit_log).kept == Texts{"24 months after creation"});
  const About operatorone = about(policy_named("operatorone"));
  CHECK(facts(operatorone, DataCategory::message).kept == Texts{"until closure of the account"});
  const About visitorchat = about(policy_named("visitorchat"));
  CHECK(facts(visitorchat, DataCategory::usage).kept ==
        Texts{"at least 3 months after collection", "3 months after the end of the contract"});
  const About web1on1 = about(policy_named("web1on1"));
  CHECK(facts(web1on1, DataCategory::contact_form).kept.back() ==
        "18 months after the later of creation and the visitor's last own message");
}

TEST_CASE("a period that no clause states is not made up") {
  const About omniops = about(policy_named("omniops"));
  CHECK(facts(omniops, DataCategory::technical_log).kept.empty());
  CHECK(facts(omniops, DataCategory::technical_log).rules == Texts{"child"});
  CHECK(facts(omniops, DataCategory::billing).kept.empty());
  CHECK(facts(about(policy_named("web1on1")), DataCategory::billing).kept.empty());
  const About dataops = about(policy_named("dataops"));
  for (const CategoryFacts& each : dataops.categories) CHECK(each.kept.empty());
}

TEST_CASE("only the categories that are held are told of, also where the policy has none") {
  const About result =
      about(policy_named("omniops"),
            {.categories = CategorySet{DataCategory::message, DataCategory::report}});
  CHECK(result.categories.size() == 2);
  CHECK(facts(result, DataCategory::message).held.size() == 1);
  CHECK(facts(result, DataCategory::report).held.empty());
  CHECK(has_purpose(result, "chat"));
  CHECK_FALSE(has_purpose(result, "marketing"));
  CHECK(has_purpose(result, "terms"));  // tied to no category
  CHECK(result.rules.size() == 2);      // chat and child
}

TEST_CASE("an integration is a recipient only where the tenant has enabled it") {
  const Policy& policy = policy_named("omniops");
  CHECK(about(policy, {.integrations = Texts{}}).recipients.size() == 9);
  const About some = about(policy, {.integrations = Texts{"shopify", "unheard-of"}});
  CHECK(some.recipients.size() == 10);
  CHECK(some.recipients.back().name == "Shopify");
  CHECK(about(policy).recipients.size() == 18);
}

TEST_CASE("California's part is told only where it is asked for") {
  const Policy& policy = policy_named("omniops");
  const About plain = about(policy);
  CHECK_FALSE(plain.california.has_value());
  CHECK(plain.statutory_limits.size() == 2);
  CHECK(std::none_of(plain.rights.begin(), plain.rights.end(),
                     [](const Right& right) { return right.kind == RightKind::know; }));
  const About asked = about(policy, {.california = true});
  CHECK(asked.california->collected.size() == 4);
  CHECK(asked.rights.size() == plain.rights.size() + 6);
  CHECK(asked.statutory_limits.back().regime == Regime::ccpa);
}

TEST_CASE("a processor's facts say who answers") {
  const About result = about(policy_named("visitorchat"),
                             {.customer = Customer{.name = "Harbour Cars", .contact = {}}});
  CHECK(result.customer->name == "Harbour Cars");
  CHECK(facts(result, DataCategory::message).role == Role::processor);
  CHECK(facts(result, DataCategory::message).answered_by.find("the Client") == 0);
  CHECK(facts(result, DataCategory::enquiry).answered_by == "Visitor Chat Ltd");
}

TEST_CASE("rules read as sentences") {
  CHECK(words("omniops", "chat") ==
        "Deleted 90 days after creation. The customer may set a shorter period.");
  CHECK(words("omniops", "audit-log") ==
        "Deleted 24 months after creation and not earlier, because the law requires it.");
  CHECK(words("omniops", "website-content") ==
        "Deleted at once upon refreshing of the content or closure of the account (whichever "
        "comes first). The customer may set a shorter period.");
  CHECK(words("omniops", "billing") ==
        "Kept for as long as the law requires it. The policy states no period: the operator has "
        "to set one.");
  CHECK(words("web1on1", "contact-form") ==
        "Personal details are cleared 18 months after the later of creation and the visitor's last "
        "own message. Not if the visitor has written again in the meantime. The customer may have "
        "another period set, on a recorded request.");
  CHECK(words("visitorchat", "minimum") ==
        "Kept until at least 3 months after collection. An erasure that is granted does not wait "
        "for it.");
  CHECK(words("visitorchat", "legal") == "Kept for as long as a recorded legal ground needs it.");
  CHECK(words("visitorchat", "necessity") ==
        "Deleted after the end of the purpose. The policy states no period: the operator has to "
        "set one.");
  CHECK(words("dataops", "marketing") ==
        "Stopped, keeping only what is needed to keep it stopped, at once upon unsubscribing.");
  CHECK(words("operatorone", "legal-accounting") ==
        "Kept for as long as the law requires it. It concerns billing and what has a recorded "
        "legal ground. The policy states no period: the operator has to set one.");
}

TEST_CASE("every rule of every policy has words") {
  for (const Policy& policy : builtin_policies()) {
    for (const RetentionRule& rule : policy.rules) {
      CAPTURE(rule.id);
      const std::string text = rule_in_words(rule);
      CHECK(text.back() == '.');
      CHECK(text.find("  ") == std::string::npos);
      CHECK(text.find("after .") == std::string::npos);
    }
  }
}
