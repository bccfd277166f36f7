#include "core/policy.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace dsar {
namespace {

void check_roles(const Policy& policy, std::vector<std::string>& faults) {
  for (const DataCategory category : all_values<DataCategory>()) {
    const bool may_lack = category == DataCategory::request_record;
    const auto count =
        std::count_if(policy.roles.begin(), policy.roles.end(),
                      [&](const RoleOf& entry) { return entry.categories.contains(category); });
    if (count == 1 || (count == 0 && may_lack)) continue;
    faults.push_back("category " + std::string(to_string(category)) +
                     (count == 0 ? " has no role" : " has several roles"));
  }
}

/// Reports ids that are empty or occur twice.
template <typename Items>
void check_ids(const Items& items, const std::string& kind, std::vector<std::string>& faults) {
  std::set<std::string> seen;
  for (const auto& item : items) {
    if (item.id.empty()) {
      faults.push_back("a " + kind + " has no id");
    } else if (!seen.insert(item.id).second) {
      faults.push_back(kind + " " + item.id + " occurs twice");
    }
  }
}

template <typename Items>
void check_citations(const Items& items, const std::string& kind,
                     std::vector<std::string>& faults) {
  for (const auto& item : items) {
    if (!is_complete(item.citation)) faults.push_back("a " + kind + " has no complete citation");
  }
}

void check_all_citations(const Policy& policy, std::vector<std::string>& faults) {
  check_citations(policy.contacts, "contact", faults);
  check_citations(policy.authorities, "authority", faults);
  check_citations(policy.roles, "role", faults);
  check_citations(policy.purposes, "purpose", faults);
  check_citations(policy.data, "kind of data", faults);
  check_citations(policy.recipients, "recipient", faults);
  check_citations(policy.rights, "right", faults);
  check_citations(policy.authorised_agents, "fact about agents", faults);
  check_citations(policy.fees, "fact about fees", faults);
  check_citations(policy.refusals, "fact about refusals", faults);
  check_citations(policy.cookies, "fact about cookies", faults);
  check_citations(policy.remarks, "remark", faults);
  if (policy.verification) {
    check_citations(policy.verification->facts, "fact about identification", faults);
  }
  const auto check_one = [&](const auto& item, const std::string& kind) {
    if (item && !is_complete(item->citation)) {
      faults.push_back("the " + kind + " has no complete citation");
    }
  };
  check_one(policy.transfers, "statement on transfers");
  check_one(policy.response, "response time");
  check_one(policy.solely_automated_decisions, "statement on automated decisions");
  check_one(policy.california, "part on California");
  check_one(policy.breach, "breach notice");
  check_one(policy.children, "rule on children");
  check_one(policy.change_notice, "notice of changes");
  check_one(policy.sells_data, "statement on sale");
  check_one(policy.honours_do_not_track, "statement on Do Not Track");
}

/// Deadlines are counted by these.
void check_lengths(const Policy& policy, std::vector<std::string>& faults) {
  const auto expect = [&](const Period& period, const char* what) {
    if (period.is_counted()) return;
    faults.push_back("the " + std::string(what) + " is not a number of days, months or years");
  };
  if (policy.response) expect(policy.response->within, "response time");
  if (policy.change_notice) expect(policy.change_notice->ahead, "notice of changes");
}

}  // namespace

std::string Document::edition() const {
  if (!version && !dated) return "undated";
  if (!dated) return "version " + *version;
  return version ? "version " + *version + ", " + to_text(*dated) : to_text(*dated);
}

Citation Document::clause(std::string number) const {
  return {.document = title, .edition = edition(), .clause = std::move(number)};
}

const RetentionRule* find_rule(const Policy& policy, std::string_view id) {
  const auto found = std::find_if(policy.rules.begin(), policy.rules.end(),
                                  [&](const RetentionRule& rule) { return rule.id == id; });
  return found == policy.rules.end() ? nullptr : &*found;
}

const RoleOf& role_of(const Policy& policy, DataCategory category) {
  for (const RoleOf& entry : policy.roles) {
    if (entry.categories.contains(category)) return entry;
  }
  // Records of requests are the operator's own, as its accounts are.
  if (category == DataCategory::request_record) return role_of(policy, DataCategory::account);
  throw std::logic_error("policy " + policy.id + " has no role for a category");
}

CategorySet collected_categories(const Policy& policy) {
  CategorySet result;
  for (const CollectedData& data : policy.data) result = result | CategorySet{data.category};
  return result;
}

std::vector<std::string> faults_beside_rules(const Policy& policy) {
  std::vector<std::string> faults;
  if (policy.id.empty()) faults.emplace_back("the policy has no id");
  if (policy.title.empty()) faults.emplace_back("the policy has no title");
  if (policy.documents.empty()) faults.emplace_back("the policy names no text");
  if (policy.regimes.empty()) faults.emplace_back("the policy names no regime");
  if (policy.publisher.name.empty()) faults.emplace_back("the policy names no operator");
  if (policy.rules.empty()) faults.emplace_back("the policy has no rules");
  check_roles(policy, faults);
  check_ids(policy.purposes, "purpose", faults);
  check_ids(policy.rules, "rule", faults);
  check_all_citations(policy, faults);
  check_lengths(policy, faults);
  return faults;
}

std::vector<std::string> faults_of(const Policy& policy) {
  std::vector<std::string> faults = faults_beside_rules(policy);
  for (const RetentionRule& rule : policy.rules) {
    for (std::string& fault : faults_of(rule)) faults.push_back(std::move(fault));
  }
  return faults;
}

}  // namespace dsar
