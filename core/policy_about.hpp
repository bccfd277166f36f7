#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/effective_rules.hpp"
#include "core/policy.hpp"
#include "core/statute.hpp"

/// What Art. 15(1) wants a data subject told beside the data themselves, drawn from a policy.
namespace dsar {

/// Whom the operator processes for: where it is only a processor, the request is theirs.
struct Customer {
  std::string name;
  std::optional<std::string> contact;
};

/// What the subject has decided on the use of the data, and not taken back.
struct StandingChoice {
  std::string choice;  ///< the map's name for it, e.g. `restriction`
  std::string words;
  std::string purpose;  ///< of a consent; empty: all of them
  std::string since;    ///< RFC 3339
};

/// What about() is asked.
struct AboutQuestion {
  /// The categories held of this subject; absent: those that the policy says it collects.
  std::optional<CategorySet> categories = {};
  /// The integrations that the tenant has enabled, by Recipient::integration; absent: not known,
  /// then all of them are listed as optional.
  std::optional<std::vector<std::string>> integrations = {};
  std::optional<Customer> customer = {};
  /// The policy's rules as they hold for the customer; empty: as the policy states them.
  std::vector<EffectiveRule> in_force = {};
  std::vector<StandingChoice> choices = {};
  bool california = false;  ///< add what a Californian resident is told
};

/// A retention rule in words.
struct RetentionFact {
  std::string rule;  ///< the rule's id
  CategorySet categories;
  bool with_recorded_ground = false;  ///< and whatever has a recorded legal ground
  std::string words;                  ///< rule_in_words
  std::string period;                 ///< period_in_words
  bool stated = true;                 ///< false: the clause gives no period
  std::string set;                    ///< period_in_words of what is set in its place; empty: none
  std::string note;                   ///< how we read the clause
  Citation citation;
};

/// (b), (d) and (g) for one category.
struct CategoryFacts {
  DataCategory category = DataCategory::account;
  Role role = Role::controller;
  bool role_stated = true;
  std::string answered_by;
  std::vector<CollectedData> held;  ///< empty: the policy does not mention the category
  std::vector<std::string> kept;    ///< how long in the ordinary course, as it is in force here;
                                    ///< empty: nothing says so
  std::vector<std::string> rules;   ///< ids of all rules that can concern it
};

/// The facts, in the order of Art. 15(1). Optionals and lists that are empty are not stated.
struct About {
  std::string policy;
  std::string title;
  std::vector<Document> documents;
  Operator publisher;
  std::optional<Customer> customer;
  std::vector<Contact> contacts;
  std::vector<Regime> regimes;
  std::vector<std::string> other_laws;

  std::vector<Purpose> purposes;          ///< (a)
  std::vector<CategoryFacts> categories;  ///< (b), (d), (g)
  std::vector<RetentionFact> rules;       ///< (d): all that concern one of the categories
  std::vector<Recipient> recipients;      ///< (c)
  std::vector<Right> rights;              ///< (e)
  std::vector<Authority> authorities;     ///< (f)
  std::optional<Statement> solely_automated_decisions;  ///< (h)
  std::optional<Transfers> transfers;                   ///< Art. 15(2)

  std::optional<ResponseTime> response;
  std::vector<StatutoryLimit> statutory_limits;  ///< of the regimes, in their order
  std::optional<Verification> verification;
  std::vector<Fact> authorised_agents;
  std::vector<Fact> fees;
  std::vector<Fact> refusals;
  std::optional<Statement> sells_data;
  std::optional<Statement> honours_do_not_track;
  std::vector<Fact> cookies;
  std::vector<Fact> remarks;
  std::vector<std::string> unstated;
  std::vector<StandingChoice> choices;
  bool california_asked = false;
  std::optional<California> california;  ///< only where asked and stated
};

/// The facts that answer the question. Purposes that concern none of its categories, integrations
/// that the tenant has not enabled, and California's rights where not asked for, are left out.
About about(const Policy& policy, const AboutQuestion& question = {});

}  // namespace dsar
