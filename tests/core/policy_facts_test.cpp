#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/policies/builtin.hpp"
#include "core/statute.hpp"

namespace {

using namespace dsar;

std::vector<std::string> addresses(const Policy& policy) {
  std::vector<std::string> result;
  for (const Contact& contact : policy.contacts) {
    if (contact.address) result.push_back(*contact.address);
  }
  return result;
}

bool offers(const Policy& policy, RightKind kind) {
  return std::any_of(policy.rights.begin(), policy.rights.end(),
                     [&](const Right& right) { return right.kind == kind; });
}

Role role(const char* policy, DataCategory category) {
  return role_of(policy_named(policy), category).role;
}

}  // namespace

TEST_CASE("there are five policies and each is sound") {
  std::vector<std::string> ids;
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    ids.push_back(policy.id);
    for (const std::string& fault : faults_of(policy)) FAIL_CHECK(fault);
    CHECK_FALSE(policy.rules.empty());
    CHECK_FALSE(policy.purposes.empty());
    CHECK_FALSE(policy.data.empty());
    CHECK_FALSE(policy.recipients.empty());
    CHECK_FALSE(policy.rights.empty());
    CHECK_FALSE(policy.contacts.empty());
    CHECK_FALSE(policy.authorities.empty());
    CHECK_FALSE(policy.unstated.empty());
    CHECK(offers(policy, RightKind::access));
    CHECK(offers(policy, RightKind::erasure));
    CHECK(offers(policy, RightKind::complaint));
  }
  CHECK(ids ==
        std::vector<std::string>{"operatorone", "omniops", "web1on1", "visitorchat", "dataops"});
}

TEST_CASE("every citation is of a text that the policy names") {
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    std::set<std::string> texts;
    for (const Document& document : policy.documents) {
      texts.insert(document.title + document.edition());
    }
    for (const RetentionRule& rule : policy.rules) {
      CHECK(texts.count(rule.citation.document + rule.citation.edition) == 1);
    }
    for (const Purpose& purpose : policy.purposes) {
      CHECK(texts.count(purpose.citation.document + purpose.citation.edition) == 1);
    }
    for (const CollectedData& data : policy.data) {
      CHECK(texts.count(data.citation.document + data.citation.edition) == 1);
    }
  }
}

TEST_CASE("a policy is found by its id, and an unknown one is refused with the known ones") {
  CHECK(find_policy("omniops") == &policy_named("omniops"));
  CHECK(find_policy("OmniOps") == nullptr);
  CHECK(find_policy("") == nullptr);
  try {
    (void)policy_named("omnious");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    CHECK(error.hint() ==
          "The built-in policies are operatorone, omniops, web1on1, visitorchat, dataops.");
  }
}

TEST_CASE("requests about what a processor holds go to its customer") {
  using enum DataCategory;
  for (const DataCategory widget : {conversation, message, attachment, contact_form}) {
    CHECK(role("operatorone", widget) == Role::processor);
    CHECK(role("visitorchat", widget) == Role::processor);
    CHECK(role("omniops", widget) == Role::controller);
    CHECK(role("dataops", widget) == Role::controller);
  }
  CHECK(role("operatorone", account) == Role::controller);
  CHECK(role("operatorone", technical_log) == Role::controller);
  CHECK(role("visitorchat", usage) == Role::processor);
  CHECK(role("visitorchat", behavioural) == Role::processor);
  CHECK(role("visitorchat", account) == Role::controller);
  CHECK(role("visitorchat", enquiry) == Role::controller);
  CHECK_FALSE(role_of(policy_named("web1on1"), message).stated);
  CHECK(role_of(policy_named("visitorchat"), message).stated);
}

TEST_CASE("each policy names those whom it says to write to") {
  using Texts = std::vector<std::string>;
  CHECK(addresses(policy_named("operatorone")) == Texts{"support@operatorone.co.uk"});
  CHECK(addresses(policy_named("omniops")) == Texts{"hello@omniops.co.uk"});
  CHECK(addresses(policy_named("web1on1")) ==
        Texts{"privacy@web1on1.chat", "support@web1on1.chat"});
  CHECK(addresses(policy_named("visitorchat")) ==
        Texts{"Data Protection, Visitor Chat Ltd, Site 2f Building 4000, Lakeside North Harbour, "
              "Portsmouth PO6 3FT",
              "02382 350130", "http://visitor.chat"});
  CHECK(addresses(policy_named("dataops")) == Texts{"privacy@dataops.live",
                                                    "unsubscribe@dataops.live", "www.dataops.live",
                                                    "32-34 Arlington Rd, London NW1 7HU"});
  CHECK(policy_named("web1on1").authorities.at(0).name == "Autoriteit Persoonsgegevens");
  for (const char* const id : {"operatorone", "omniops", "visitorchat", "dataops"}) {
    CHECK(policy_named(id).authorities.at(0).name == "Information Commissioner's Office (ICO)");
  }
}

TEST_CASE("OmniOps names nine processors and nine integrations, with places and safeguards") {
  std::vector<std::string> always;
  std::vector<std::string> integrations;
  for (const Recipient& recipient : policy_named("omniops").recipients) {
    CAPTURE(recipient.name);
    (recipient.integration ? integrations : always).push_back(recipient.name);
    CHECK(recipient.safeguard.has_value());
    CHECK(recipient.place.has_value() == !recipient.integration.has_value());
  }
  CHECK(always == std::vector<std::string>{"Anthropic", "OpenAI", "Google", "Supabase",
                                           "Hetzner Cloud", "Cloudflare", "Sentry", "Resend",
                                           "Stripe"});
  CHECK(integrations == std::vector<std::string>{"WooCommerce", "Shopify", "Google Workspace",
                                                 "Microsoft 365", "WhatsApp", "Instagram",
                                                 "Messenger", "Slack", "Meta Ads"});
}

TEST_CASE("a time to answer is stated by three policies, and one of them is only a target") {
  CHECK_FALSE(policy_named("operatorone").response.has_value());
  CHECK_FALSE(policy_named("visitorchat").response.has_value());
  CHECK(policy_named("omniops").response->within == Period::days(30));
  CHECK(policy_named("omniops").response->binding);
  CHECK(policy_named("web1on1").response->within == Period::months(1));
  CHECK(policy_named("dataops").response->within == Period::days(30));
  CHECK_FALSE(policy_named("dataops").response->binding);
}

TEST_CASE("the law's own times stand behind every policy") {
  CHECK(statutory_limit(Regime::uk_gdpr).answer == Period::months(1));
  CHECK(statutory_limit(Regime::uk_gdpr).extension == Period::months(2));
  CHECK(statutory_limit(Regime::eu_gdpr).answer == Period::months(1));
  CHECK(statutory_limit(Regime::eu_gdpr).extension == Period::months(2));
  CHECK(statutory_limit(Regime::ccpa).answer == Period::days(45));
  CHECK(statutory_limit(Regime::ccpa).extension == Period::days(45));
  using Regimes = std::vector<Regime>;
  CHECK(policy_named("operatorone").regimes == Regimes{Regime::uk_gdpr});
  CHECK(policy_named("omniops").regimes == Regimes{Regime::uk_gdpr, Regime::eu_gdpr, Regime::ccpa});
  CHECK(policy_named("web1on1").regimes == Regimes{Regime::eu_gdpr});
  CHECK(policy_named("visitorchat").regimes == Regimes{Regime::uk_gdpr, Regime::ccpa});
}

TEST_CASE("what OmniOps promises beyond retention is at hand") {
  const Policy& policy = policy_named("omniops");
  CHECK(policy.breach->authority_within_hours == 72);
  CHECK(policy.breach->contents.size() == 5);
  CHECK(policy.children->age == 16);
  CHECK(policy.children->coppa_age == 13);
  CHECK(policy.change_notice->ahead == Period::days(30));
  CHECK_FALSE(policy.solely_automated_decisions->yes);
  CHECK(policy.transfers->copy_on_request);
  CHECK(policy.honours_do_not_track->yes);
  CHECK(policy.california->collected.size() == 4);
  CHECK(policy.california->sold == false);
  CHECK(policy.california->shared == false);
  for (const RightKind kind :
       {RightKind::human_review, RightKind::opt_out_of_ai, RightKind::withdraw_consent,
        RightKind::automated_decision, RightKind::know, RightKind::california_delete,
        RightKind::california_correct, RightKind::opt_out_of_sale, RightKind::limit_sensitive,
        RightKind::non_discrimination}) {
    CHECK(offers(policy, kind));
  }
}

TEST_CASE("what Visitor Chat asks of a request and of an agent is at hand") {
  const Policy& policy = policy_named("visitorchat");
  CHECK(policy.verification->from_address_on_file);
  CHECK(policy.verification->receipt_confirmed_first);
  CHECK(policy.authorised_agents.size() == 1);
  CHECK(policy.california->collected.size() == 9);
  CHECK(policy.california->disclosed_to == std::vector<std::string>{"Clients"});
  CHECK_FALSE(policy.california->shared.has_value());
  CHECK(policy.honours_do_not_track->yes);
  CHECK(offers(policy, RightKind::compensation));
  CHECK(offers(policy, RightKind::portability));
  // The text names email as a way but the address cannot be read in it.
  CHECK_FALSE(policy.contacts.at(0).address.has_value());
}

TEST_CASE("what a text does not say stays empty") {
  CHECK_FALSE(policy_named("dataops").transfers.has_value());
  CHECK_FALSE(policy_named("operatorone").solely_automated_decisions.has_value());
  CHECK_FALSE(policy_named("web1on1").california.has_value());
  CHECK_FALSE(policy_named("operatorone").verification.has_value());
  CHECK_FALSE(policy_named("operatorone").honours_do_not_track.has_value());
  CHECK_FALSE(policy_named("web1on1").honours_do_not_track->yes);
  for (const Recipient& recipient : policy_named("operatorone").recipients) {
    CHECK_FALSE(recipient.place.has_value());
  }
}

TEST_CASE("editions are written as the text has them") {
  CHECK(policy_named("operatorone").documents.at(0).edition() == "12 February 2026");
  CHECK(policy_named("omniops").documents.at(0).edition() == "version 3.0, 20 February 2026");
  CHECK(policy_named("web1on1").documents.at(0).edition() == "undated");
  CHECK(Document{.title = "x", .version = "2"}.edition() == "version 2");
  CHECK(to_text(policy_named("omniops").rules.at(0).citation) ==
        "OmniOps Privacy Policy (version 3.0, 20 February 2026), Data Retention");
}
