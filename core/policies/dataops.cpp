#include "core/policies/builtin.hpp"

/// DataOps: states no period at all; each purpose lasts as long as it needs, and the operator has
/// to say how long that is.
namespace dsar::policies {
namespace {

using enum DataCategory;

const Document& text() {
  static const Document document{.title = "DataOps Privacy Policy"};
  return document;
}

Citation cite(const char* clause) {
  return text().clause(clause);
}

/// A purpose of the text's table, with the data that we read it to need: each category under one
/// purpose, so that the operator's period for a purpose says what happens to its rows.
struct PurposeRow {
  const char* id;
  const char* text;
  std::vector<LegalBasis> bases;
  CategorySet categories;
};

const std::vector<PurposeRow>& purpose_rows() {
  using B = LegalBasis;
  static const std::vector<PurposeRow> rows{
      {"registration", "register a new customer", {B::contract}, {account}},
      {"purchases",
       "process and deliver purchases, manage payments, recover debts",
       {B::contract, B::legitimate_interest},
       {billing}},
      {"relationship",
       "keep up the relationship: notices of changes, asking for reviews, correspondence",
       {B::contract, B::legal_obligation, B::legitimate_interest},
       {enquiry, contact_form, conversation, message, attachment, notification}},
      {"surveys",
       "hold surveys, competitions and prize draws",
       {B::contract, B::legitimate_interest},
       {survey}},
      {"administration",
       "administer and protect business and website",
       {B::legitimate_interest, B::legal_obligation},
       {technical_log}},
      {"advertising",
       "show fitting content and advertisements and measure their effect",
       {B::legitimate_interest},
       {behavioural}},
      {"analytics",
       "improve website, products and marketing by analysing data",
       {B::legitimate_interest},
       {analytics, usage}},
      {"suggestions",
       "suggest goods and services",
       {B::legitimate_interest},
       {marketing_subscription}},
  };
  return rows;
}

std::vector<RetentionRule> rules() {
  std::vector<RetentionRule> all;
  for (const PurposeRow& row : purpose_rows()) {
    all.push_back({.id = std::string("purpose-") + row.id,
                   .categories = row.categories,
                   .clock = {ClockEvent::purpose_ended},
                   .period = Period::not_stated(),
                   .bound = Bound::ceiling,
                   .tenant_override = OverridePermission::operator_must_set,
                   .conditions = {RuleCondition::unless_ground_recorded},
                   .action = RuleAction::delete_row,
                   .citation = cite("Data retention"),
                   .note =
                       "As long as the purpose, or a legal, accounting or reporting duty, needs "
                       "it; which data serves the purpose is our reading."});
  }
  all.push_back({.id = "marketing",
                 .categories = {marketing_subscription},
                 .clock = {ClockEvent::unsubscribed},
                 .period = Period::at_once(),
                 .bound = Bound::ceiling,
                 .tenant_override = OverridePermission::no,
                 .action = RuleAction::suppress,
                 .citation = cite("Unsubscribe (Opt Out)"),
                 .note = "Sending stops; a minimal entry is kept so that it stays stopped."});
  return all;
}

std::vector<Purpose> purposes() {
  std::vector<Purpose> all;
  for (const PurposeRow& row : purpose_rows()) {
    all.push_back({row.id, row.text, row.bases, row.categories,
                   cite("Purposes for which we will use your personal data")});
  }
  all.push_back({"new-customers",
                 "send marketing electronically to new customers",
                 {LegalBasis::consent},
                 {marketing_subscription},
                 cite("Marketing")});
  return all;
}

// category, what it holds, sources, clause
std::vector<CollectedData> data() {
  const auto collection = cite("Collection of Personal Data");
  const std::vector<std::string> person{"the person"};
  const std::vector<std::string> browser{"the person's browser"};
  return {
      {account,
       "name, job, birthday, email, postal address and what registering asks for",
       {"the person", "credit reference agencies", "search information providers",
        "other companies", "accounts believed to be the same person's"},
       cite("introduction; Collection of Personal Data")},
      {billing,
       "payments made and received, purchases",
       {"the person", "online payment processors", "credit reference agencies"},
       collection},
      {enquiry,
       "reports of issues, complaints and queries, also those about the person",
       {"the person", "whoever complains or asks about the person"},
       collection},
      {message,
       "messages sent and received, with their contents; they are not confidential",
       {"the person", "the other side of the message"},
       collection},
      {contact_form, "what forms on the website ask for", person, collection},
      {survey, "answers to surveys, which are voluntary; entries in competitions", person,
       cite("Collection of Personal Data; Purposes for which we will use your personal data")},
      {technical_log, "pages viewed, IP addresses and browsers, as the web server logs them",
       browser, cite("Anonymous data collected through this website")},
      {usage, "how often links and pages are used", browser,
       cite("Anonymous data collected through this website")},
      {analytics, "number of visitors and their way through the website", browser, cite("Cookies")},
      {behavioural, "visits, pages and links followed, for fitting advertisements", browser,
       cite("Cookies")},
      {marketing_subscription, "preferences for marketing", person,
       cite("Marketing; Unsubscribe (Opt Out)")},
  };
}

// name, place, purpose, safeguard, integration, clause
std::vector<Recipient> recipients() {
  const auto clause = cite("Disclosure of your Personal Data");
  return {
      {"partners, suppliers and sub-contractors", {}, "performance of contracts", {}, {}, clause},
      {"analytics and search engine providers", {}, "improvement of the website", {}, {}, clause},
      {"credit reference agencies",
       {},
       "credit scores, where a contract depends on one",
       {},
       {},
       clause},
      {"buyers and sellers of business or assets",
       {},
       "sale or purchase of business",
       {},
       {},
       clause},
      {"authorities and others to whom the law requires disclosure",
       {},
       "legal obligations",
       {},
       {},
       clause},
      {"companies that exchange data against fraud and credit risk",
       {},
       "terms, rights, property and safety",
       {},
       {},
       clause},
  };
}

// what may be asked for, article of the law, note, clause
std::vector<Right> rights() {
  using R = RightKind;
  const auto listed = cite("Your legal rights");
  return {
      {R::access, "Art. 15", "", listed},
      {R::rectification, "Art. 16", "", listed},
      {R::erasure, "Art. 17", "", listed},
      {R::restriction, "Art. 18", "", listed},
      {R::portability, "Art. 20", "An electronic copy of what the person provided.", listed},
      {R::stop_marketing, "Art. 21(2)", "", cite("Marketing; Unsubscribe (Opt Out)")},
      {R::complaint, "Art. 77", "", cite("Complaints")},
  };
}

}  // namespace

Policy dataops() {
  const char* const post = "32-34 Arlington Rd, London NW1 7HU";
  return {
      .id = "dataops",
      .title = "DataOps",
      .documents = {text()},
      .publisher = {.name = "DataOps Software Limited",
                    .postal_address = post,
                    .citation = cite("Data Controller; Feedback")},
      .contacts = {{"questions and requests about privacy (Privacy Team)", Channel::email,
                    "privacy@dataops.live", cite("Feedback")},
                   {"ending marketing", Channel::email, "unsubscribe@dataops.live",
                    cite("Unsubscribe (Opt Out)")},
                   {"requests, by the Subject Request form", Channel::web, "www.dataops.live",
                    cite("Your legal rights")},
                   {"requests, by post to the Privacy Team", Channel::post, post,
                    cite("Your legal rights")}},
      .authorities = {{"Information Commissioner's Office (ICO)",
                       "United Kingdom",
                       {"www.ico.org.uk", "Wycliffe House, Water Lane, Wilmslow, SK9 5AF"},
                       cite("Complaints")}},
      .regimes = {Regime::uk_gdpr, Regime::eu_gdpr},
      .other_laws = {"Data Protection Act (UK)"},
      .roles = {{.categories = CategorySet::all(),
                 .role = Role::controller,
                 .answered_by = "DataOps Software Limited",
                 .citation = cite("Data Controller")}},
      .purposes = purposes(),
      .data = data(),
      .recipients = recipients(),
      .rights = rights(),
      .rules = rules(),
      .response = ResponseTime{.within = Period::days(30),
                               .binding = false,
                               .note = "A target. A complex request, or many of them, may take "
                                       "longer than a month, with notice.",
                               .citation = cite("Time limit to respond")},
      .verification = Verification{.facts = {{"Identity is confirmed before anything is disclosed; "
                                              "further details may be asked for.",
                                              cite("What we will need from you")}}},
      .fees = {{"Free, unless a request is clearly unfounded, repetitive or excessive: then a "
                "reasonable fee.",
                cite("No fee usually required")}},
      .refusals = {{"An unfounded, repetitive or excessive request may be refused instead.",
                    cite("No fee usually required")}},
      .sells_data = Statement{.yes = false,
                              .text = "Nothing is sold, shared or transferred beyond what the "
                                      "policy names.",
                              .citation = cite("Data Controller")},
      .cookies = {{"Essential, analytical, personalising and targeting cookies; some end with the "
                   "session, others last longer.",
                   cite("Cookies")}},
      .remarks = {{"Messages that the person sent or received are both collected; other people's "
                   "data in them is redacted (Art. 15(4) GDPR).",
                   cite("Collection of Personal Data")},
                  {"Aggregated data counts as personal once it is joined with a person.",
                   cite("Collection of Personal Data")},
                  {"Health is named among personal data and then said not to be collected: where a "
                   "data map holds it, report it.",
                   cite("introduction; Collection of Personal Data")},
                  {"A new, unrelated purpose is notified with its legal basis.",
                   cite("Change of purpose")},
                  {"Breaches are notified where the law requires it.", cite("Data Security")}},
      .unstated = {"any retention period", "transfers to other countries",
                   "how long each kind of cookie lasts", "automated decisions", "Do Not Track",
                   "notice of changes ahead of time"},
  };
}

}  // namespace dsar::policies
