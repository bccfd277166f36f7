#include "formats/policy_reader.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/policies/builtin.hpp"
#include "formats/policy_json.hpp"

namespace {

using namespace dsar;
using Json = nlohmann::ordered_json;
using Faults = std::vector<std::string>;

/// `file:line: /pointer: message` of every fault; empty where all is well.
Faults faults_in_files(const std::vector<formats::PolicyText>& texts) {
  Faults result;
  try {
    static_cast<void>(formats::read_policy_texts(texts));
  } catch (const Invalid& error) {
    for (const Fault& fault : error.faults()) result.push_back(fault.text());
  }
  return result;
}

Faults faults_in(const Json& json) {
  return faults_in_files({{"policy.json", json.dump()}});
}

PolicyCatalogue read(const Json& json) {
  return formats::read_policy_texts({{"policy.json", json.dump()}});
}

/// A small policy of one rule.
Json acme() {
  return Json::parse(R"({
    "dsarctl_policy": 1,
    "id": "acme",
    "title": "Acme",
    "documents": [{"title": "Acme Privacy", "dated": "2026-05-01"}],
    "publisher": {"name": "Acme Ltd", "citation": "1"},
    "regimes": ["uk-gdpr"],
    "roles": [{"categories": "all", "role": "controller", "answered_by": "Acme", "citation": "2"}],
    "rules": [{"id": "chat", "categories": ["message", "conversation"], "clock": "creation",
               "period": "12 months", "bound": "ceiling", "override": "shorter-only",
               "action": "delete-row", "citation": "3.1"}]
  })");
}

Json extension(const std::string& base, const char* members) {
  Json json{{"dsarctl_policy", 1}, {"extends", base}};
  json.update(Json::parse(members));
  return json;
}

}  // namespace

TEST_CASE("every built-in policy written as JSON is read back as it was") {
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    const Json json = formats::policy_json({.policy = policy});
    const PolicyCatalogue policies = read(json);
    REQUIRE(policies.entries().size() == builtin_policies().size());
    const PolicyEntry& entry = policies.named(policy.id);
    CHECK(entry.policy == policy);
    CHECK(entry.file == "policy.json");
    CHECK(entry.extends.empty());
    CHECK(formats::policy_json(entry) == json);
  }
}

TEST_CASE("a policy of one's own stands beside the built-in ones") {
  const PolicyCatalogue policies = read(acme());
  CHECK(policies.entries().size() == builtin_policies().size() + 1);
  const Policy& policy = policies.named("acme").policy;
  REQUIRE(policy.rules.size() == 1);
  CHECK(policy.rules[0].period == Period::months(12));
  CHECK(policy.rules[0].categories ==
        CategorySet{DataCategory::conversation, DataCategory::message});
  CHECK(to_text(policy.rules[0].citation) == "Acme Privacy (1 May 2026), 3.1");
  CHECK(policies.find("acne") == nullptr);
}

TEST_CASE("a file that extends a policy under the same name takes its place") {
  const PolicyCatalogue policies = read(extension("omniops", R"({
    "documents": [{"title": "Retention decision", "version": "2"}],
    "rules": [
      {"id": "technical", "categories": "technical-log", "clock": "creation", "period": "30 days",
       "bound": "ceiling", "override": "no", "action": "delete-row",
       "citation": {"document": "Retention decision", "clause": "2"}},
      {"id": "chat", "categories": ["conversation", "message", "attachment"], "clock": "creation",
       "period": "60 days", "bound": "ceiling", "override": "shorter-only", "action": "delete-row",
       "citation": {"document": "OmniOps Privacy Policy", "clause": "Data Retention"}}]
  })"));
  CHECK(policies.entries().size() == builtin_policies().size());
  const PolicyEntry& entry = policies.named("omniops");
  CHECK(entry.extends == "omniops");
  const Policy& base = policy_named("omniops");
  REQUIRE(entry.policy.rules.size() == base.rules.size() + 1);
  CHECK(entry.policy.rules.front().period == Period::days(60));
  CHECK(to_text(entry.policy.rules.back().citation) == "Retention decision (version 2), 2");
  CHECK(entry.policy.rules[1] == base.rules[1]);
  CHECK(entry.policy.recipients == base.recipients);
}

TEST_CASE("a file that extends a policy under another name leaves it as it is") {
  const PolicyCatalogue policies = read(extension("web1on1", R"({"id": "acme", "title": "Acme"})"));
  CHECK(policies.named("acme").policy.rules == policy_named("web1on1").rules);
  CHECK(policies.named("acme").policy.title == "Acme");
  CHECK(policies.named("web1on1").policy == policy_named("web1on1"));
}

TEST_CASE("a file sets the periods that a policy leaves open, for every tenant or for one") {
  const PolicyCatalogue policies = read(extension("dataops", R"({
    "periods": {"purpose-surveys": {"period": "1 year", "reason": "decision 7"}},
    "overrides": [{"tenant": "acme", "rule": "purpose-surveys", "period": "2 months",
                   "reason": "letter"}]
  })"));
  const PolicyEntry& entry = policies.named("dataops");
  const auto everyone = overrides_for(entry, "harbour");
  REQUIRE(everyone.size() == 1);
  CHECK(everyone[0].general);
  CHECK(everyone[0].period == Period::years(1));
  CHECK(everyone[0].reason == "decision 7");
  CHECK(everyone[0].source == "policy.json:1: /periods/purpose-surveys");
  CHECK(overrides_for(entry, "acme").size() == 2);
  CHECK(rules_left_open(entry).size() == rules_left_open({.policy = entry.policy}).size() - 1);

  std::vector<std::string> refused;
  const auto period_of = [&](const char* tenant) {
    for (const EffectiveRule& each :
         effective_rules(entry.policy, overrides_for(entry, tenant), refused)) {
      if (each.rule->id == "purpose-surveys") return to_text(each.period);
    }
    return std::string();
  };
  CHECK(period_of("harbour") == "1 year");
  CHECK(period_of("acme") == "2 months");
  CHECK(period_of("") == "1 year");
  CHECK(refused.empty());

  // What is printed of it is read back, with its periods.
  const PolicyEntry again = read(formats::policy_json(entry)).named("dataops");
  CHECK(again.policy == entry.policy);
  CHECK(overrides_for(again, "acme").size() == 2);
}

TEST_CASE("periods that the policy does not leave open, or does not allow, are refused") {
  CHECK(faults_in(extension("omniops", R"({"periods": {"chat": {"period": "30 days",
                                                              "reason": "r"}}})")) ==
        Faults{"policy.json:1: /periods/chat: rule 'chat' (OmniOps Privacy Policy (version 3.0, 20 "
               "February 2026), Data Retention): the policy states '90 days', and 'periods' sets "
               "only what it leaves open"});
  CHECK(faults_in(extension("omniops", R"({"periods": {"bill": {"period": "6 years",
                                                              "reason": "r"}}})")) ==
        Faults{"policy.json:1: /periods/bill: the policy 'omniops' has no rule 'bill'"});
  CHECK(faults_in(extension("visitorchat", R"({"overrides": [
          {"tenant": "t", "rule": "minimum", "period": "1 month", "reason": "r"}]})")) ==
        Faults{"policy.json:1: /overrides/0: rule 'minimum' (Visitor Chat US Privacy Policy "
               "(undated), 5.3(a)): no override is allowed"});
  CHECK(faults_in(extension("omniops", R"({"overrides": [
          {"tenant": "t", "rule": "chat", "period": "91 days", "reason": "r"},
          {"tenant": "u", "rule": "chat", "period": "20 days", "reason": "r"},
          {"tenant": "u", "rule": "chat", "period": "30 days", "reason": "r"}]})")) ==
        Faults{"policy.json:1: /overrides/0: rule 'chat' (OmniOps Privacy Policy (version 3.0, 20 "
               "February 2026), Data Retention): only shorter periods are allowed, and 91 days can "
               "be longer than '90 days'",
               "policy.json:1: /overrides/2: this tenant overrides the rule 'chat' already in line "
               "1"});
}

TEST_CASE("all faults of a policy are found at once, each with its place") {
  Json json = acme();
  json["titel"] = "x";
  json["rules"][0]["period"] = "12 moons";
  json["rules"][0]["bound"] = "cieling";
  json["publisher"].erase("citation");
  json["regimes"][0] = 7;
  json["documents"][0]["dated"] = "2026-02-30";
  const Faults faults = faults_in_files({{"policy.json", json.dump(1)}});
  CHECK(faults ==
        Faults{"policy.json:8: /documents/0/dated: expected a date such as 2026-02-20",
               "policy.json:11: /publisher: the key 'citation' is missing",
               "policy.json:15: /regimes/0: expected 'uk-gdpr', 'eu-gdpr' or 'ccpa', found 7",
               "policy.json:33: /rules/0/period: expected 'at once', 'none after', 'while needed', "
               "'not stated' or a period such as '30 days', '18 months' or '2 years', of at most "
               "100 years",
               "policy.json:34: /rules/0/bound: expected 'ceiling', 'floor', 'floor-by-law', "
               "'ceiling-and-floor-by-law' or 'exemption', found 'cieling'; did you mean "
               "'ceiling'?",
               "policy.json:40: /titel: unknown key 'titel'; did you mean 'title'?"});
}

TEST_CASE("what is inconsistent in a policy is found at its rule or at its name") {
  Json json = acme();
  json["rules"][0].erase("clock");
  CHECK(faults_in(json) == Faults{"policy.json:1: /rules/0: rule chat: has a period but no clock"});
  json = acme();
  json["roles"][0]["categories"] = {"message"};
  // All but messages, and records of requests, which may go without.
  CHECK(faults_in(json).size() == enum_size<DataCategory> - 2);
  json = acme();
  json["rules"] = Json::array();
  CHECK(faults_in(json) == Faults{"policy.json:1: /id: the policy has no rules"});
  json = acme();
  json["rules"].push_back(json["rules"][0]);
  CHECK(faults_in(json) == Faults{"policy.json:1: /rules/1: the rule 'chat' is already in line 1"});
  json = acme();
  json["response"] = {{"within", "at once"}, {"citation", "4"}};
  CHECK(faults_in(json) == Faults{"policy.json:1: /id: the response time is not a number of days, "
                                  "months or years"});
}

TEST_CASE("a citation is a clause of a document that the policy has") {
  Json json = acme();
  json["rules"][0]["citation"] = {{"document", "Another"}, {"clause", "1"}};
  CHECK(faults_in(json) ==
        Faults{"policy.json:1: /rules/0/citation: 'documents' has no document of this title"});
  json["rules"][0]["citation"] = {
      {"document", "Acme Privacy"}, {"edition", "undated"}, {"clause", "1"}};
  CHECK(faults_in(json) == Faults{"policy.json:1: /rules/0/citation: 'documents' has no document "
                                  "of this title and edition"});
  json = acme();
  json["documents"].push_back({{"title", "Acme Privacy"}});
  CHECK(faults_in(json).front() ==
        "policy.json:1: /documents/1: the policy has this document already");
  json["documents"][1]["title"] = "Annex";
  CHECK(faults_in(json).front() ==
        "policy.json:1: /publisher/citation: the policy has several documents: write "
        "{\"document\": …, \"clause\": …}");
}

TEST_CASE("only a built-in policy can be extended, and nothing but its rules and periods") {
  CHECK(faults_in(extension("omniop", "{}")) ==
        Faults{"policy.json:1: /extends: no built-in policy has this name; did you mean "
               "'omniops'?"});
  CHECK(faults_in(extension("omniops", R"({"rights": []})")) ==
        Faults{"policy.json:1: /rights: unknown key 'rights'"});
}

TEST_CASE("two files cannot define one policy") {
  const std::string text = acme().dump();
  CHECK(faults_in_files({{"a.json", text}, {"b.json", text}}) ==
        Faults{"b.json:1: /id: the policy 'acme' is already in a.json:1"});
  const Json extended = extension("omniops", "{}");
  CHECK(faults_in_files({{"a.json", extended.dump()}, {"b.json", extended.dump()}}) ==
        Faults{"b.json:1: /extends: the policy 'omniops' is already in a.json:1"});
  CHECK(faults_in_files({{"a.json", text}, {"b.json", extended.dump()}}).empty());
}

TEST_CASE("a name that could break a line or a path is none") {
  for (const char* const id : {"", "Acme", "a b", "a\nb", "../a", "1a", "ä"}) {
    CAPTURE(id);
    Json json = acme();
    json["id"] = id;
    CHECK(faults_in(json).size() == 1);
    json = acme();
    json["rules"][0]["id"] = id;
    CHECK(faults_in(json).size() == 1);
  }
}

TEST_CASE("text that is no JSON, or no object, is refused") {
  CHECK(faults_in_files({{"policy.json", "{"}}).size() == 1);
  CHECK(faults_in_files({{"policy.json", "[]"}}) ==
        Faults{"policy.json:1: expected an object, found a list"});
  CHECK(faults_in_files({{"policy.json", "{}"}}).size() > 4);
}
