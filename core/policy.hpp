#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/category_set.hpp"
#include "core/period.hpp"
#include "core/policy_terms.hpp"
#include "core/retention_rule.hpp"

/// A privacy policy as data: what an operator has promised, clause by clause, in our own words.
/// An empty optional or list means that the policy does not state it; nothing is made up.
namespace dsar {

/// A sentence of ours with the clause that it rests on.
struct Fact {
  std::string text;
  Citation citation;

  friend bool operator==(const Fact&, const Fact&) = default;
};

/// A yes or no that the policy states.
struct Statement {
  bool yes = false;
  std::string text;
  Citation citation;

  friend bool operator==(const Statement&, const Statement&) = default;
};

/// One published text.
struct Document {
  std::string title;
  std::optional<std::string> version = {};
  std::optional<Date> dated = {};

  /// `version 3.0, 20 February 2026`, or `undated`.
  [[nodiscard]] std::string edition() const;
  /// A clause of this text.
  [[nodiscard]] Citation clause(std::string number) const;

  friend bool operator==(const Document&, const Document&) = default;
};

/// The company that published the policy.
struct Operator {
  std::string name;
  std::optional<std::string> registration = {};
  std::optional<std::string> postal_address = {};
  Citation citation = {};

  friend bool operator==(const Operator&, const Operator&) = default;
};

/// Where to write, and about what.
struct Contact {
  std::string purpose;
  Channel channel = Channel::email;
  std::optional<std::string> address;  ///< absent: the text names the way but not the address
  Citation citation;

  friend bool operator==(const Contact&, const Contact&) = default;
};

/// Art. 15(1)(f): where a subject may complain.
struct Authority {
  std::string name;
  std::string competence;  ///< for whom
  std::vector<std::string> contact = {};
  Citation citation = {};

  friend bool operator==(const Authority&, const Authority&) = default;
};

/// Who decides on some categories, and so who answers a request about them.
struct RoleOf {
  CategorySet categories;
  Role role = Role::controller;
  std::string answered_by;  ///< who answers a data subject
  bool stated = true;       ///< false: our reading, the text names no role
  Citation citation;

  friend bool operator==(const RoleOf&, const RoleOf&) = default;
};

/// Art. 15(1)(a), with its legal bases.
struct Purpose {
  std::string id;
  std::string text;
  std::vector<LegalBasis> bases = {};  ///< empty: not stated
  CategorySet categories = {};         ///< empty: the text ties it to no category
  Citation citation = {};

  friend bool operator==(const Purpose&, const Purpose&) = default;
};

/// Art. 15(1)(b) and (g): what is held, and where it comes from. A category may have several.
struct CollectedData {
  DataCategory category = DataCategory::account;
  std::string what;
  std::vector<std::string> sources = {};  ///< empty: not stated
  Citation citation = {};

  friend bool operator==(const CollectedData&, const CollectedData&) = default;
};

/// Art. 15(1)(c).
struct Recipient {
  std::string name;
  std::optional<std::string> place = {};
  std::string purpose = {};
  std::optional<std::string> safeguard = {};
  std::optional<std::string> integration = {};  ///< only where the tenant has enabled this one
  Citation citation = {};

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

/// Art. 15(2): transfers to third countries.
struct Transfers {
  std::string text;
  std::vector<std::string> safeguards = {};
  bool copy_on_request = false;
  Citation citation = {};

  friend bool operator==(const Transfers&, const Transfers&) = default;
};

struct Right {
  RightKind kind = RightKind::access;
  std::optional<std::string> article = {};  ///< of the law
  std::string note = {};
  Citation citation = {};

  friend bool operator==(const Right&, const Right&) = default;
};

/// How soon the operator answers a request.
struct ResponseTime {
  Period within;
  bool binding = true;  ///< false: a target, the statutory limit binds
  std::string note = {};
  Citation citation = {};

  friend bool operator==(const ResponseTime&, const ResponseTime&) = default;
};

/// How a person who asks is identified.
struct Verification {
  bool from_address_on_file = false;     ///< the request must come from an email address on file
  bool receipt_confirmed_first = false;  ///< before the request's validity is judged
  std::vector<Fact> facts = {};

  friend bool operator==(const Verification&, const Verification&) = default;
};

/// What a Californian resident is told in addition (1798.110, 1798.130(a)(5)).
struct California {
  struct Category {
    std::string name;
    std::vector<std::string> examples = {};

    friend bool operator==(const Category&, const Category&) = default;
  };
  std::vector<Category> collected = {};  ///< in the past 12 months
  std::vector<std::string> purposes = {};
  std::vector<std::string> disclosed_to = {};
  std::optional<bool> sold = {};
  std::optional<bool> shared = {};  ///< for cross-context behavioural advertising
  Citation citation = {};

  friend bool operator==(const California&, const California&) = default;
};

/// Art. 33, 34.
struct BreachNotice {
  int authority_within_hours = 0;
  std::string text;
  std::vector<std::string> contents = {};
  Citation citation = {};

  friend bool operator==(const BreachNotice&, const BreachNotice&) = default;
};

struct ChildrenRule {
  int age = 0;        ///< under it, a person counts as a child
  int coppa_age = 0;  ///< where COPPA or a similar law applies
  Citation citation = {};

  friend bool operator==(const ChildrenRule&, const ChildrenRule&) = default;
};

/// How long before it takes effect a material change of the policy is announced.
struct ChangeNotice {
  Period ahead;
  Citation citation = {};

  friend bool operator==(const ChangeNotice&, const ChangeNotice&) = default;
};

struct Policy {
  std::string id;  ///< `omniops`
  std::string title;
  std::vector<Document> documents;
  Operator publisher;
  std::vector<Contact> contacts;
  std::vector<Authority> authorities;
  std::vector<Regime> regimes;
  std::vector<std::string> other_laws = {};
  std::vector<RoleOf> roles;  ///< covers every category exactly once; may lack request_record
  std::vector<Purpose> purposes;
  std::vector<CollectedData> data;
  std::vector<Recipient> recipients;
  std::optional<Transfers> transfers = {};
  std::vector<Right> rights;
  std::vector<RetentionRule> rules;
  std::optional<ResponseTime> response = {};
  std::optional<Statement> solely_automated_decisions = {};  ///< Art. 15(1)(h)
  std::optional<Verification> verification = {};
  std::vector<Fact> authorised_agents = {};
  std::vector<Fact> fees = {};
  std::vector<Fact> refusals = {};
  std::optional<California> california = {};
  std::optional<BreachNotice> breach = {};
  std::optional<ChildrenRule> children = {};
  std::optional<ChangeNotice> change_notice = {};
  std::optional<Statement> sells_data = {};
  std::optional<Statement> honours_do_not_track = {};
  std::vector<Fact> cookies = {};
  std::vector<Fact> remarks = {};          ///< what else an officer must know
  std::vector<std::string> unstated = {};  ///< what the text leaves open, for people to read

  friend bool operator==(const Policy&, const Policy&) = default;
};

/// The rule of that id, or nullptr.
const RetentionRule* find_rule(const Policy& policy, std::string_view id);

/// Who decides on the category. The policy covers every category (see faults_of); without a word
/// on records of requests, who decides on accounts.
const RoleOf& role_of(const Policy& policy, DataCategory category);

/// The categories that the policy says it collects.
CategorySet collected_categories(const Policy& policy);

/// What is inconsistent in the policy itself, one line each: ids that are missing or used twice,
/// missing citations, categories without exactly one role, rules whose parts contradict each
/// other. Empty for a sound policy.
std::vector<std::string> faults_of(const Policy& policy);

/// The same without what is inconsistent in a single rule.
std::vector<std::string> faults_beside_rules(const Policy& policy);

}  // namespace dsar
