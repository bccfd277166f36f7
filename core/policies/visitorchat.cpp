#include "core/policies/builtin.hpp"

/// Visitor Chat: live chat on its Clients' websites. Processor for the Clients (US policy),
/// controller of its own records (UK policy). A tenant is a Client.
namespace dsar::policies {
namespace {

using enum DataCategory;

Citation us(const char* clause) {
  static const Document document{.title = "Visitor Chat US Privacy Policy"};
  return document.clause(clause);
}

const Document& uk_text() {
  static const Document document{.title = "Visitor Chat UK Privacy Policy",
                                 .dated = Date{std::chrono::year{2020} / std::chrono::July / 28}};
  return document;
}

Citation uk(const char* clause) {
  return uk_text().clause(clause);
}

/// What is collected from visitors of a Client's website.
const CategorySet& visitors() {
  static const CategorySet set{conversation, message,     attachment, contact_form,
                               usage,        behavioural, result,     report};
  return set;
}

/// What US 2 describes: visitors' data, Clients' accounts and their subscriptions to notices.
const CategorySet& described() {
  static const CategorySet set{conversation, message,     attachment, contact_form,
                               usage,        behavioural, account,    notification};
  return set;
}

std::vector<RetentionRule> rules() {
  return {
      {.id = "minimum",
       .categories = described(),
       .clock = {ClockEvent::collection},
       .period = Period::months(3),
       .bound = Bound::floor,
       .tenant_override = OverridePermission::no,
       .conditions = {RuleCondition::binds_sweeps_only},
       .citation = us("5.3(a)"),
       .note = "A granted erasure overrides it. It can cross the contract rule only for data "
               "collected after the contract's end."},
      {.id = "contract",
       .categories = described(),
       .clock = {ClockEvent::contract_end},
       .period = Period::months(3),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .action = RuleAction::delete_row,
       .citation = us("5.3(b)")},
      {.id = "necessity",
       .categories = CategorySet::all(),
       .clock = {ClockEvent::purpose_ended},
       .period = Period::not_stated(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::operator_must_set,
       .action = RuleAction::delete_row,
       .citation = us("5.2")},
      {.id = "legal",
       .categories = {},
       .with_recorded_ground = true,
       .period = Period::while_needed(),
       .bound = Bound::exemption,
       .tenant_override = OverridePermission::no,
       .citation = us("5.4"),
       .note = "For a legal obligation or somebody's vital interests; recorded with its reason, "
               "and the only thing that withholds a granted erasure (with 7.11)."},
      {.id = "own-records",
       .categories = {account, enquiry, billing, technical_log, analytics, marketing_subscription},
       .clock = {ClockEvent::purpose_ended},
       .period = Period::not_stated(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::operator_must_set,
       .action = RuleAction::delete_row,
       .citation = uk("1.2"),
       .note = "A new purpose, such as a dispute, is notified to the person."},
  };
}

// id, purpose, legal bases, categories, clause
std::vector<Purpose> purposes() {
  using B = LegalBasis;
  const auto enquirers = CategorySet{enquiry, technical_log, analytics};
  return {
      {"website-use",
       "analyse how websites with the chat are used",
       {B::consent},
       {usage, behavioural},
       us("1.3, 2.2")},
      {"chat",
       "run live chat, continue earlier conversations, suit them to the visitor, and understand "
       "and improve the service",
       {B::legitimate_interest},
       {conversation, message, attachment, contact_form, usage, behavioural},
       us("2.3")},
      {"referral",
       "pass contact details to the Client for what the visitor agreed to in the chat",
       {B::consent},
       {contact_form, message},
       us("3.1, 3.3")},
      {"clients",
       "serve Clients, keep service and website secure, write to them",
       {B::consent, B::legitimate_interest},
       {account},
       us("2.5")},
      {"notices",
       "send notices and newsletters that Clients subscribed to",
       {},
       {notification},
       us("2.6")},
      {"own-website",
       "analyse the own website by cookies and keep it working well",
       {B::consent},
       {technical_log, analytics},
       uk("2.1(A)")},
      {"enquiries",
       "answer enquiries made on the own website",
       {B::legitimate_interest},
       {enquiry},
       uk("2.1(A)")},
      {"customers",
       "serve customers who are individuals, run the business, coordinate marketing",
       {B::contract, B::legitimate_interest},
       {account, billing, enquiry},
       uk("2.1(B)")},
      {"suppliers",
       "deal with suppliers who are individuals",
       {B::contract, B::legitimate_interest},
       {account, billing, enquiry},
       uk("2.1(C)")},
      {"records",
       "keep those records of customers and suppliers that the law requires",
       {B::legal_obligation},
       {account, billing},
       uk("2.1(B), 2.1(C)")},
      {"similar-services",
       "tell customers about services like those they bought",
       {B::legitimate_interest},
       {marketing_subscription},
       uk("2.1(B)")},
      {"representatives",
       "deal with people who work for customers and suppliers",
       {B::legitimate_interest},
       {account, enquiry},
       uk("2.1(D)")},
      {"others",
       "administer the business in dealing with anybody else",
       {B::legitimate_interest},
       enquirers,
       uk("2.1(E)")},
      {"marketing",
       "send marketing to others, by consent or soft opt-in",
       {B::consent, B::legitimate_interest},
       {marketing_subscription},
       uk("2.1(E)")},
      {"special-needs",
       "respect allergies, diets and needs of access that somebody has told",
       {B::explicit_consent},
       {account, enquiry},
       uk("2.1(F)")},
  };
}

// category, what it holds, sources, clause
std::vector<CollectedData> data() {
  const std::vector<std::string> visitor{"the visitor"};
  const std::vector<std::string> cookie{"the visitor's browser, by a cookie"};
  const std::vector<std::string> own{"the person",
                                     "the person's organisation",
                                     "other websites and services of the operator",
                                     "providers of technology, payment and delivery",
                                     "advertising networks, analytics and search providers",
                                     "credit reference agencies"};
  return {
      {conversation, "live chats, attributed to earlier ones when the visitor chats again", visitor,
       us("2.3")},
      {message, "what is written in chat, text or other messages", visitor, us("2.3")},
      {contact_form, "name, email address, phone, postal address or postcode", visitor,
       us("2.3, 7.2")},
      {usage, "place, browser, operating system, kind of device, IP address, referring source",
       cookie, us("2.2, 7.2")},
      {behavioural, "length and frequency of visits, pages viewed, way through the website", cookie,
       us("2.2, 7.2")},
      {account,
       "Clients' accounts: name, company, email address",
       {"the person", "the person's employer"},
       us("2.5")},
      {account,
       "customers and suppliers: name, address, job title, email address, phone, description, "
       "photograph",
       own, uk("1.1(A), 1.1(C)")},
      {notification, "who subscribed to notices and newsletters", {"the Client"}, us("2.6")},
      {enquiry, "what somebody writes, says or enters on the own website, with contact data", own,
       uk("1.1(A), 1.1(C)")},
      {billing, "financial and payment data", own, uk("1.1(A), 1.1(C)")},
      {technical_log,
       "IP address, browser, internet provider, referring and exit pages, times, of the own "
       "website",
       {"the person's browser"},
       uk("1.1(B)")},
      {analytics,
       "pages viewed, search terms and use of the own website, by cookies",
       {"the person's browser"},
       uk("1.1(B), 6")},
      {marketing_subscription, "who may be sent marketing", own, uk("2.1(B), 2.1(E)")},
  };
}

// name, place, purpose, safeguard, integration, clause
std::vector<Recipient> recipients() {
  return {
      {"the Client whose website it is, with its providers and processors",
       {},
       "the contact that the visitor asked for",
       "consent, recorded in the chat",
       {},
       us("3.1, 3.3, 4.4, 7.2, 7.3")},
      {"Amazon Web Services",
       "Ireland",
       "hosting of website and database",
       "encrypted in transit",
       {},
       us("4.3")},
      {"authorities, courts and parties to legal claims",
       {},
       "legal obligations, vital interests, legal claims",
       {},
       {},
       us("3.2")},
      {"companies of the same group", {}, "running the business", {}, {}, uk("3.1(A)")},
      {"service providers, IT among them",
       {},
       "outsourced services",
       "strict contractual obligations",
       {},
       uk("3.1(B)")},
      {"credit reference agencies",
       {},
       "outsourced services",
       "strict contractual obligations",
       {},
       uk("3.1(B)")},
      {"professional advisers",
       {},
       "legal, financial and other advice",
       "the advisers' duty of confidence",
       {},
       uk("3.1(C)")},
      {"possible purchasers of the business",
       {},
       "sale of the business",
       "an undertaking of confidence first",
       {},
       uk("3.1(D)")},
  };
}

// what may be asked for, article of the law, note, clause
std::vector<Right> rights() {
  using R = RightKind;
  return {
      {R::be_informed, "Art. 13, 14", "", uk("4.1(A)")},
      {R::withdraw_consent, "Art. 7(3)", "Earlier processing stays lawful.", uk("4.1(B)")},
      {R::access, "Art. 15", "In writing.", uk("4.1(C), 5.1")},
      {R::stop_marketing, "Art. 21(2)", "", uk("4.1(D)")},
      {R::automated_decision, "Art. 22", "People are told if a machine decides.", uk("4.1(E)")},
      {R::objection, "Art. 21", "", uk("4.1(F)")},
      {R::compensation, "Art. 82", "", uk("4.1(G)")},
      {R::erasure, "Art. 17", "In certain circumstances.", uk("4.1(H)")},
      {R::rectification, "Art. 16", "In certain circumstances.", uk("4.1(H)")},
      {R::restriction, "Art. 18", "Ceasing to process, in certain circumstances.", uk("4.1(H)")},
      {R::portability, "Art. 20", "In certain circumstances.", uk("5.4")},
      {R::complaint, "Art. 77", "To the operator first, then to the authority.", uk("4.2")},
      {R::know, "Cal. Civ. Code 1798.110", "", us("7.1")},
      {R::california_delete, "Cal. Civ. Code 1798.105", "", us("7.4")},
      {R::california_correct, "Cal. Civ. Code 1798.106", "", us("7.5")},
      {R::opt_out_of_sale, "Cal. Civ. Code 1798.120", "Nothing is sold at present.", us("7.6")},
      {R::non_discrimination, "Cal. Civ. Code 1798.125", "", us("7.7")},
  };
}

Verification verification() {
  return {
      .from_address_on_file = true,
      .receipt_confirmed_first = true,
      .facts = {
          {"A request must come from an email address that is already on file.",
           us("7.1, 7.4, 7.5, 7.8")},
          {"Name, birth date and the postal address on file may be asked for, together with a "
           "passport copy certified by a notary, bank or solicitor and an original utility bill. "
           "By law as little as will do is asked for, and in California the operator bears a "
           "notary's cost.",
           us("7.1, 7.4, 7.5, 7.8")},
          {"Receipt is confirmed by email before it is judged whether the request is valid.",
           us("7.1, 7.4, 7.5")},
          {"Proof of identity, or of authority to act for somebody else, may be asked for.",
           uk("5.1")}}};
}

California california() {
  return {.collected = {{"name", {"first", "last"}},
                        {"email address"},
                        {"telephone number"},
                        {"postal or ZIP code"},
                        {"visits", {"length", "frequency"}},
                        {"pages viewed"},
                        {"IP address"},
                        {"type of device", {"mobile", "PC"}},
                        {"geolocation"}},
          .purposes = {"live chat",
                       "at a customer's wish, contact by the Client to market and sell vehicles"},
          .disclosed_to = {"Clients"},
          .sold = false,
          .citation = us("7.2, 7.3, 7.6")};
}

}  // namespace

Policy visitorchat() {
  const char* const post =
      "Data Protection, Visitor Chat Ltd, Site 2f Building 4000, Lakeside North Harbour, "
      "Portsmouth PO6 3FT";
  return {
      .id = "visitorchat",
      .title = "Visitor Chat",
      .documents = {{.title = us("").document}, uk_text()},
      .publisher = {.name = "Visitor Chat Ltd",
                    .registration = "England and Wales 09804738",
                    .postal_address = "Site 2f Building 4000, Lakeside North Harbour, Portsmouth "
                                      "PO6 3FT",
                    .citation = uk("introduction")},
      .contacts = {{"requests, by email", Channel::email, {}, us("7.1, 8.1")},
                   {"requests and questions, by post", Channel::post, post, uk("9")},
                   {"by telephone", Channel::phone, "02382 350130", us("8.1")},
                   {"by the contact form of the website", Channel::web, "http://visitor.chat",
                    us("8.1")}},
      .authorities = {{"Information Commissioner's Office (ICO)",
                       "United Kingdom",
                       {"www.ico.org.uk"},
                       uk("4.2")}},
      .regimes = {Regime::uk_gdpr, Regime::ccpa},
      .roles = {{.categories = visitors(),
                 .role = Role::processor,
                 .answered_by = "the Client on whose website the chat runs: it owns the data, and "
                                "a request is forwarded to it",
                 .citation = us("1.2, 1.3, 3.3")},
                {.categories = CategorySet::all() - visitors(),
                 .role = Role::controller,
                 .answered_by = "Visitor Chat Ltd",
                 .citation = uk("introduction")}},
      .purposes = purposes(),
      .data = data(),
      .recipients = recipients(),
      .transfers = Transfers{.text = "Personal data stays in the European Union and the United "
                                     "Kingdom; what comes from outside goes to the hosting in "
                                     "Ireland and to the Client.",
                             .safeguards = {"adequacy decision"},
                             .citation = us("4.2, 4.3, 4.4")},
      .rights = rights(),
      .rules = rules(),
      .verification = verification(),
      .authorised_agents = {{"An agent may act who has been designated in writing, with full name, "
                             "postal address, telephone and email, from an address on file; the "
                             "designation is confirmed by email.",
                             us("7.8")}},
      .fees = {{"Free, unless a request is clearly unfounded or excessive or asks for copies that "
                "the person already has: then reasonable costs.",
                uk("5.2")}},
      .refusals = {{"A refusal, possible in very few cases, is notified.", uk("5.3")},
                   {"Personal data may be withheld as far as the law allows.", us("7.11")}},
      .california = california(),
      .sells_data = Statement{.yes = false,
                              .text = "None was sold in the past twelve months, none of minors "
                                      "was disclosed.",
                              .citation = us("7.3, 7.6")},
      .honours_do_not_track = Statement{.yes = true,
                                        .text = "The chat answers to the signal; Clients' websites "
                                                "are another matter.",
                                        .citation = us("7.9")},
      .cookies = {{"A cookie recognises the browser on later visits to the same website; without "
                   "it the service may not work.",
                   us("2.2")},
                  {"The own website uses cookies to tell users apart and to see how it is used.",
                   uk("6")}},
      .remarks = {{"A visitor who chats again is joined with earlier chats and with the current "
                   "session: one person is several visitor records. What is attributed already is "
                   "exported and erased; anonymous browsing is never joined by device.",
                   us("2.3")},
                  {"The data protection officer's details are given on request.", us("9.1")},
                  {"Minors may not use website or service.", us("7.3")},
                  {"Nobody is followed over time across different websites.", us("7.10")}},
      .unstated = {"how soon a request is answered",
                   "the email address for requests, which the text to hand does not show",
                   "how long own records are kept", "the legal basis of notices and newsletters",
                   "whether attachments are collected",
                   "automated decisions beyond the right to object",
                   "sharing for advertising across contexts"},
  };
}

}  // namespace dsar::policies
