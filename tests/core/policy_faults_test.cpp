#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/policies/builtin.hpp"

namespace {

using namespace dsar;

/// The faults of a sound policy after one change.
std::vector<std::string> faults_after(const std::function<void(Policy&)>& change) {
  Policy policy = policy_named("visitorchat");
  change(policy);
  return faults_of(policy);
}

RetentionRule& rule(Policy& policy, const std::string& id) {
  for (RetentionRule& each : policy.rules) {
    if (each.id == id) return each;
  }
  FAIL("no such rule");
  return policy.rules.front();
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a policy that does not say what it is, is unsound") {
  CHECK(faults_after([](Policy& p) { p.id.clear(); }) == Faults{"the policy has no id"});
  CHECK(faults_after([](Policy& p) { p.regimes.clear(); }) == Faults{"the policy names no regime"});
  CHECK(faults_after([](Policy& p) { p.documents.clear(); }) == Faults{"the policy names no text"});
}

TEST_CASE("a policy without rules or with a deadline of no length is unsound") {
  CHECK(faults_after([](Policy& p) { p.rules.clear(); }) == Faults{"the policy has no rules"});
  CHECK(faults_after([](Policy& p) {
          p.response = ResponseTime{.within = Period::at_once(), .citation = p.rules[0].citation};
        }) == Faults{"the response time is not a number of days, months or years"});
  CHECK(faults_after([](Policy& p) {
          p.change_notice = ChangeNotice{.ahead = {}, .citation = p.rules[0].citation};
        }) == Faults{"the notice of changes is not a number of days, months or years"});
}

TEST_CASE("a category with no role or two is a fault") {
  CHECK(faults_after([](Policy& p) {
          p.roles.at(1).categories = p.roles.at(1).categories - CategorySet{DataCategory::survey};
        }) == Faults{"category survey has no role"});
  CHECK(faults_after([](Policy& p) {
          p.roles.at(1).categories = p.roles.at(1).categories | CategorySet{DataCategory::message};
        }) == Faults{"category message has several roles"});
}

TEST_CASE("ids that occur twice and citations that lack a part are faults") {
  CHECK(faults_after([](Policy& p) { p.rules.push_back(p.rules.front()); }) ==
        Faults{"rule minimum occurs twice"});
  CHECK(faults_after([](Policy& p) { p.purposes.front().id.clear(); }) ==
        Faults{"a purpose has no id"});
  CHECK(faults_after([](Policy& p) { p.recipients.front().citation.clause.clear(); }) ==
        Faults{"a recipient has no complete citation"});
  CHECK(faults_after([](Policy& p) { rule(p, "contract").citation.edition.clear(); }) ==
        Faults{"rule contract: has no complete citation"});
  CHECK(faults_after([](Policy& p) { p.california->citation = {}; }) ==
        Faults{"the part on California has no complete citation"});
}

TEST_CASE("a rule whose parts contradict each other is a fault") {
  CHECK(faults_after([](Policy& p) { rule(p, "contract").categories = {}; }) ==
        Faults{"rule contract: covers nothing"});
  CHECK(faults_after([](Policy& p) {
          rule(p, "contract").clock.push_back(ClockEvent::creation);
        }).size() == 1);
  CHECK(faults_after([](Policy& p) { rule(p, "contract").clock.clear(); }) ==
        Faults{"rule contract: has a period but no clock"});
  CHECK(
      faults_after([](Policy& p) { rule(p, "contract").period = Period::not_stated(); }) ==
      Faults{"rule contract: must leave its period to the operator exactly where none is stated"});
  CHECK(faults_after([](Policy& p) { rule(p, "contract").action.reset(); }) ==
        Faults{"rule contract: must have an action exactly where something ends"});
  CHECK(faults_after([](Policy& p) { rule(p, "minimum").action = RuleAction::delete_row; }) ==
        Faults{"rule minimum: must have an action exactly where something ends"});
  CHECK(faults_after([](Policy& p) { rule(p, "legal").bound = Bound::floor; }) ==
        Faults{"rule legal: must last while needed exactly where it is an exemption"});
}
