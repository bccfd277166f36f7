#include "core/policies/builtin.hpp"

/// OmniOps: an AI chat widget. Controller throughout; its customers' data are kept apart by domain.
namespace dsar::policies {
namespace {

using enum DataCategory;

const Document& text() {
  static const Document document{
      .title = "OmniOps Privacy Policy",
      .version = "3.0",
      .dated = Date{std::chrono::year{2026} / std::chrono::February / 20}};
  return document;
}

Citation cite(const char* clause) {
  return text().clause(clause);
}

/// Everything that is collected only with analytics consent.
const CategorySet& consented() {
  static const CategorySet set{analytics, behavioural, usage};
  return set;
}

std::vector<RetentionRule> rules() {
  return {
      {.id = "chat",
       .categories = {conversation, message, attachment},
       .clock = {ClockEvent::creation},
       .period = Period::days(90),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::shorter_only,
       .action = RuleAction::delete_row,
       .citation = cite("Data Retention"),
       .note = "The text does not say from when; we count from creation. A customer sets a shorter "
               "period in the dashboard."},
      {.id = "website-content",
       .categories = {website_content},
       .clock = {ClockEvent::content_refreshed, ClockEvent::account_closure},
       .choice = ClockChoice::earliest,
       .period = Period::at_once(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::shorter_only,
       .action = RuleAction::delete_row,
       .citation = cite("Data Retention")},
      {.id = "analytics",
       .categories = consented(),
       .clock = {ClockEvent::creation},
       .period = Period::days(180),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::shorter_only,
       .action = RuleAction::delete_row,
       .citation = cite("Data Retention"),
       .note = "Page views and chat interactions count as analytics (Information Collected "
               "Automatically)."},
      {.id = "account",
       .categories = {account},
       .clock = {ClockEvent::account_closure},
       .period = Period::years(2),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::shorter_only,
       .action = RuleAction::delete_row,
       .citation = cite("Data Retention")},
      {.id = "billing",
       .categories = {billing},
       .period = Period::not_stated(),
       .bound = Bound::floor_by_law,
       .tenant_override = OverridePermission::operator_must_set,
       .citation = cite("Legal Obligation"),
       .note = "Tax and accounting law asks for the records; the text gives no period."},
      {.id = "audit-log",
       .categories = {audit_log},
       .clock = {ClockEvent::creation},
       .period = Period::months(24),
       .bound = Bound::ceiling_and_floor_by_law,
       .tenant_override = OverridePermission::no,
       .action = RuleAction::delete_row,
       .citation = cite("Data Retention"),
       .note = "Due then and never earlier: an erasure withholds it on this ground."},
      {.id = "analytics-consent",
       .categories = consented(),
       .clock = {ClockEvent::consent_withdrawn},
       .period = Period::at_once(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .action = RuleAction::delete_row,
       .citation = cite("Withdrawing Consent; Art. 17(1)(b) GDPR"),
       .note = "The clause names the cookies; what they recorded rests on the same consent."},
      {.id = "child",
       .categories = CategorySet::all(),
       .clock = {ClockEvent::child_discovered},
       .period = Period::at_once(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .conditions = {RuleCondition::unless_consent_of_parent,
                      RuleCondition::unless_ground_recorded},
       .action = RuleAction::delete_row,
       .citation = cite("Children's Privacy"),
       .note = "Promptly; records that the law wants kept stay apart."},
  };
}

// id, purpose, legal bases, categories, clause
std::vector<Purpose> purposes() {
  using B = LegalBasis;
  const auto contract = cite("Contract Performance");
  const auto agreed = cite("Consent");
  const auto interest = cite("Legitimate Interests");
  const auto duty = cite("Legal Obligation");
  const auto ai = cite("AI Disclosure");
  return {
      {"chat",
       "run the AI chat widget and answer conversations",
       {B::contract},
       {conversation, message, attachment},
       contract},
      {"account", "manage accounts and subscriptions", {B::contract}, {account, billing}, contract},
      {"support", "support customers", {B::contract}, {account, enquiry}, contract},
      {"knowledge",
       "index the customer's website so that answers fit its products",
       {},
       {website_content},
       ai},
      {"marketing",
       "send marketing and newsletters",
       {B::consent},
       {marketing_subscription},
       agreed},
      {"analytics",
       "learn from optional cookies and analytics how the service is used",
       {B::consent},
       consented(),
       agreed},
      {"integrations",
       "exchange data with products that the customer connects",
       {B::consent},
       {integration_data},
       agreed},
      {"security",
       "watch over security and prevent fraud",
       {B::legitimate_interest},
       {technical_log, audit_log},
       interest},
      {"improvement", "improve the service", {B::legitimate_interest}, consented(), interest},
      {"troubleshooting",
       "find and mend technical faults",
       {B::legitimate_interest},
       {technical_log, enquiry},
       interest},
      {"terms", "enforce the terms of service", {B::legitimate_interest}, {}, interest},
      {"tax", "meet tax and accounting duties", {B::legal_obligation}, {billing}, duty},
      {"authorities", "answer lawful demands of authorities", {B::legal_obligation}, {}, duty},
      {"audit",
       "comply with data protection law and keep an audit trail",
       {B::legal_obligation},
       {audit_log},
       duty},
  };
}

// category, what it holds, sources, clause
std::vector<CollectedData> data() {
  const auto given = cite("Information You Provide");
  const auto given_or_ios = cite("Information You Provide; Mobile Application (iOS)");
  const auto automatic = cite("Information Collected Automatically");
  const std::vector<std::string> person{"the person"};
  const std::vector<std::string> device{"the person's browser or device"};
  const std::vector<std::string> chat{"the person",
                                      "WhatsApp, Instagram and Messenger where connected"};
  return {
      {conversation,
       "conversations with the assistant; the iOS app keeps the account's history in step", chat,
       given_or_ios},
      {message, "chat messages", chat, given},
      {account, "email address, name of the business, session tokens of the iOS app", person,
       given_or_ios},
      {billing, "payment data, handled by the payment provider", person, given},
      {enquiry, "questions to support, feedback", person, given},
      {technical_log,
       "session identifiers, the website's domain, times of interactions; from the iOS app the "
       "device model, versions of system and app, build number",
       device, cite("Information Collected Automatically; Mobile Application (iOS)")},
      {usage, "page views and chat interactions, with consent only", device, automatic},
      {analytics,
       "kind of device, browser, operating system, anonymised IP address, with consent only",
       device, automatic},
      {behavioural, "how visitors use the service and its features, with consent only", device,
       cite("Analytics Cookies")},
      {website_content,
       "pages of the customer's website, crawled and indexed",
       {"the customer's website"},
       cite("AI Disclosure")},
      {integration_data,
       "what connected products pass on: catalogues and orders, shop data, calendars, mail, "
       "documents, contacts, team messages, results of campaigns",
       {"WooCommerce", "Shopify", "Google Workspace", "Microsoft 365", "Slack", "Meta Ads"},
       cite("Information from Third Parties")},
      {audit_log,
       "who read or changed which data",
       {"recorded by the service"},
       cite("Security Measures")},
      {marketing_subscription, "agreement to marketing and newsletters", person, cite("Consent")},
  };
}

// name, place, purpose, safeguard, integration, clause
std::vector<Recipient> recipients() {
  const auto core = cite("Third-Party Processors");
  const auto optional = cite("Third-Party Processors; Third-Party Services");
  const char* const us = "United States";
  const char* const sccs = "standard contractual clauses";
  const char* const sccs_idta =
      "standard contractual clauses and UK International Data Transfer Agreement";
  const char* const in_eu = "processed within the European Union";
  const char* const own = "the integration's own data processing agreement";
  return {
      {"Anthropic", us, "AI answers (Claude, the main model)", sccs_idta, {}, core},
      {"OpenAI", us, "AI answers (GPT)", sccs_idta, {}, core},
      {"Google", us, "AI answers (Gemini)", sccs_idta, {}, core},
      {"Supabase", "European Union", "main data storage", in_eu, {}, core},
      {"Hetzner Cloud", "Germany", "production hosting", in_eu, {}, core},
      {"Cloudflare",
       "worldwide, with points of presence in the European Union",
       "content delivery and defence against overload",
       sccs,
       {},
       core},
      {"Sentry", us, "error monitoring", sccs_idta, {}, core},
      {"Resend", us, "transactional email", sccs_idta, {}, core},
      {"Stripe", us, "payment processing (PCI DSS)", sccs, {}, core},
      {"WooCommerce", {}, "shop products and orders", own, "woocommerce", optional},
      {"Shopify", {}, "shop and product data", own, "shopify", optional},
      {"Google Workspace",
       {},
       "calendar, mail, files, contacts, sheets, forms",
       own,
       "google-workspace",
       optional},
      {"Microsoft 365", {}, "calendar, mail, Teams", own, "microsoft-365", optional},
      {"WhatsApp", {}, "messages with customers", own, "whatsapp", optional},
      {"Instagram", {}, "messages with customers", own, "instagram", optional},
      {"Messenger", {}, "messages with customers", own, "messenger", optional},
      {"Slack", {}, "messages and notices to the team", own, "slack", optional},
      {"Meta Ads", {}, "advertising campaigns", own, "meta-ads", optional},
  };
}

// what may be asked for, article of the law, note, clause
std::vector<Right> rights() {
  using R = RightKind;
  const auto gdpr = cite("Your Data Rights");
  const auto ai = cite("AI Disclosure");
  const auto us = cite("Your California Rights");
  return {
      {R::access, "Art. 15", "", gdpr},
      {R::rectification, "Art. 16", "Completing what is incomplete is included.", gdpr},
      {R::erasure, "Art. 17", "", gdpr},
      {R::restriction, "Art. 18", "", gdpr},
      {R::portability, "Art. 20", "In a structured form that machines can read.", gdpr},
      {R::objection, "Art. 21", "To what rests on legitimate interests, and to direct marketing.",
       gdpr},
      {R::automated_decision, "Art. 22", "", gdpr},
      {R::withdraw_consent, "Art. 7(3)",
       "By the cookie banner, the dashboard's preferences, or a message.",
       cite("Your Data Rights; Withdrawing Consent")},
      {R::human_review, {}, "Of any answer that the AI gave.", ai},
      {R::opt_out_of_ai, {}, "Where it is technically feasible.", ai},
      {R::complaint, "Art. 77", "", cite("Contact Us and Complaints")},
      {R::know, "Cal. Civ. Code 1798.110", "", us},
      {R::california_delete, "Cal. Civ. Code 1798.105", "", us},
      {R::california_correct, "Cal. Civ. Code 1798.106", "", us},
      {R::opt_out_of_sale, "Cal. Civ. Code 1798.120", "Of sale and of sharing.", us},
      {R::limit_sensitive, "Cal. Civ. Code 1798.121", "", us},
      {R::non_discrimination, "Cal. Civ. Code 1798.125", "", us},
  };
}

California california() {
  return {.collected = {{"identifiers", {"email address", "IP address", "session identifier"}},
                        {"commercial information", {"purchases, through integrations"}},
                        {"internet activity", {"chat interactions", "browsing"}},
                        {"inferences", {"context and preferences drawn from chats"}}},
          .sold = false,
          .shared = false,
          .citation = cite("California Privacy Rights (CCPA/CPRA)")};
}

}  // namespace

Policy omniops() {
  const auto complaints = cite("Contact Us and Complaints");
  const auto tracking = cite("Cookies and Tracking");
  return {
      .id = "omniops",
      .title = "OmniOps",
      .documents = {text()},
      .publisher = {.name = "Omniops Ltd", .citation = complaints},
      .contacts = {{"rights, privacy, copies of the safeguards", Channel::email,
                    "hello@omniops.co.uk", complaints},
                   {"requests, by the page for data rights",
                    Channel::web,
                    {},
                    cite("Exercise Your Rights")}},
      .authorities = {{"Information Commissioner's Office (ICO)",
                       "United Kingdom",
                       {"ico.org.uk", "0303 123 1113"},
                       complaints},
                      {"the data protection authority of the person's own country",
                       "European Union",
                       {},
                       complaints}},
      .regimes = {Regime::uk_gdpr, Regime::eu_gdpr, Regime::ccpa},
      .other_laws = {"EU AI Act, Art. 50"},
      .roles = {{.categories = CategorySet::all(),
                 .role = Role::controller,
                 .answered_by = "Omniops Ltd",
                 .citation = cite("Definitions; Data Controller")}},
      .purposes = purposes(),
      .data = data(),
      .recipients = recipients(),
      .transfers = Transfers{.text = "Data may be processed outside the European Economic Area and "
                                     "the person's own country.",
                             .safeguards = {"standard contractual clauses",
                                            "UK International Data Transfer Agreement",
                                            "adequacy decisions", "supplementary measures"},
                             .copy_on_request = true,
                             .citation = cite("International Data Transfers")},
      .rights = rights(),
      .rules = rules(),
      .response =
          ResponseTime{.within = Period::days(30), .citation = cite("Exercise Your Rights")},
      .solely_automated_decisions =
          Statement{.yes = false,
                    .text = "AI writes answers; it takes no decision of legal or similar effect. A "
                            "person can oversee it from the dashboard.",
                    .citation = cite("AI Disclosure")},
      .refusals = {{"Legal exemptions may stand against a right, for example records that the law "
                    "wants kept.",
                    cite("Exercise Your Rights")}},
      .california = california(),
      .breach =
          BreachNotice{
              .authority_within_hours = 72,
              .text = "The authority is told where a breach is a risk to people, "
                      "and the people without undue delay where the risk is high; "
                      "every breach is recorded.",
              .contents = {"nature of the breach", "categories and approximate number of people",
                           "likely consequences", "measures taken or proposed", "whom to ask"},
              .citation = cite("Data Breach Notification")},
      .children = ChildrenRule{.age = 16, .coppa_age = 13, .citation = cite("Age Restriction")},
      .change_notice =
          ChangeNotice{.ahead = Period::days(30), .citation = cite("Changes to This Policy")},
      .sells_data = Statement{.yes = false,
                              .text = "No personal data is sold, or shared for advertising across "
                                      "contexts.",
                              .citation = cite("Do Not Sell or Share My Personal Information")},
      .honours_do_not_track = Statement{.yes = true,
                                        .text = "Tracking is then limited to what the service "
                                                "cannot do without.",
                                        .citation = cite("Do Not Track")},
      .cookies = {{"Essential cookies: sessions and signing in, continuing a chat from page to "
                   "page, security, balancing of load.",
                   tracking},
                  {"Analytics cookies only with consent; withdrawing it removes them.",
                   cite("Analytics Cookies; Withdrawing Consent")}},
      .remarks = {{"Customers' data are kept apart by domain.", cite("Security Measures")},
                  {"Messages may go to any active AI provider.", cite("AI Disclosure")},
                  {"Withdrawing consent leaves earlier processing lawful.",
                   cite("Withdrawing Consent")}},
      .unstated = {"how long technical logs, enquiries, marketing subscriptions, integration data, "
                   "data from the iOS app, inferences and backups are kept",
                   "how long billing records are kept", "whether attachments are collected",
                   "how a person is identified", "fees"},
  };
}

}  // namespace dsar::policies
