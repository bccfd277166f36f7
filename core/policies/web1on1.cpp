#include "core/policies/builtin.hpp"

/// Web1on1: messaging for car dealers. A tenant is the organisation of a customer.
namespace dsar::policies {
namespace {

using enum DataCategory;

const Document& text() {
  static const Document document{.title = "Web1on1 Privacy Policy"};
  return document;
}

Citation cite(const char* clause) {
  return text().clause(clause);
}

std::vector<RetentionRule> rules() {
  return {
      {.id = "trial",
       .categories = CategorySet::all(),
       .clock = {ClockEvent::trial_end},
       .period = Period::days(90),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .conditions = {RuleCondition::unless_converted},
       .action = RuleAction::delete_row,
       .citation = cite("7.5"),
       .note = "The clause speaks of usage data, defines it nowhere and ends in removing "
               "everything. A trial that became a subscription is not meant. With archiving, the "
               "earlier date wins."},
      {.id = "archived",
       .categories = CategorySet::all(),
       .clock = {ClockEvent::organisation_archived},
       .period = Period::days(30),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .conditions = {RuleCondition::unless_unarchived},
       .action = RuleAction::delete_row,
       .citation = cite("7.5"),
       .note = "Un-archiving clears the clock. Afterwards nothing keyed to the organisation is "
               "left but accounting records."},
      {.id = "conversation",
       .categories = {conversation, message, attachment, result, report},
       .clock = {ClockEvent::creation},
       .period = Period::months(18),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::any_length,
       .action = RuleAction::delete_row,
       .citation = cite("7.6, 7.7"),
       .note = "Messages, results and reports with their metadata. Older messages go even if the "
               "visitor has come back since."},
      {.id = "contact-form",
       .categories = {contact_form},
       .clock = {ClockEvent::creation, ClockEvent::last_inbound_message},
       .choice = ClockChoice::latest,
       .period = Period::months(18),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::any_length,
       .conditions = {RuleCondition::unless_reengaged},
       .action = RuleAction::clear_columns,
       .citation = cite("7.6, 7.7"),
       .note = "The visitor's last own message counts even when it has been deleted since, so its "
               "date is kept. Coming back after the form fell due revives nothing."},
      {.id = "accounting",
       .categories = {billing},
       .period = Period::not_stated(),
       .bound = Bound::floor_by_law,
       .tenant_override = OverridePermission::operator_must_set,
       .citation = cite("3.1.4"),
       .note = "A legal duty to keep accounting records; the text gives no period."},
  };
}

// id, purpose, legal bases, categories, clause
std::vector<Purpose> purposes() {
  using B = LegalBasis;
  return {
      {"service",
       "provide the messaging service to customers and support its users",
       {B::contract},
       {account, conversation, message, attachment, contact_form, result, report},
       cite("3.1.1, 4.1, 5.1")},
      {"work",
       "do the daily work and help people to use the product",
       {B::legitimate_interest},
       {},
       cite("3.1.2")},
      {"newsletter",
       "send newsletters and marketing to those who signed up",
       {B::consent},
       {marketing_subscription},
       cite("3.1.2 (the second of that number), 4.2.1, 6.3")},
      {"accounting", "keep accounting records", {B::legal_obligation}, {billing}, cite("3.1.4")},
      {"payment", "collect payment for the service", {}, {billing}, cite("4.2.3")},
      {"improvement",
       "understand and improve service and website",
       {},
       {usage, analytics},
       cite("4.2.4, 11.1")},
      {"demo", "arrange a demonstration that somebody asked for", {}, {enquiry}, cite("6.1")},
      {"enquiries",
       "answer comments, questions and complaints, and help again later",
       {},
       {enquiry},
       cite("6.2")},
      {"advertising",
       "advertise own products and services",
       {},
       {marketing_subscription},
       cite("6.3")},
      {"recruitment", "recruit and manage staff", {}, {}, cite("4.2.2")},
  };
}

// category, what it holds, sources, clause
std::vector<CollectedData> data() {
  const std::vector<std::string> visitors{"visitors, through the customer's message channels"};
  const std::vector<std::string> service{"produced by the service"};
  const std::vector<std::string> person{"the person"};
  const std::vector<std::string> browser{"the person's browser, by cookies"};
  return {
      {account,
       "users of the service and their passwords, stored encrypted",
       {"the customer's organisation"},
       cite("3.1.1, 7.3")},
      {conversation, "metadata of conversations", visitors, cite("1.1, 7.6")},
      {message, "messages between businesses and their customers", visitors, cite("1.1, 7.6")},
      {contact_form, "personal data that visitors enter in contact forms", visitors, cite("7.6")},
      {result, "results of conversations, with metadata", service, cite("7.6")},
      {report, "reports, with metadata", service, cite("7.6")},
      {usage, "usage data, which the text does not define", {}, cite("7.5, 7.8")},
      {enquiry,
       "for a demonstration: names, job title, business email, the company; for a question: name, "
       "address, phone and what is needed to answer",
       person, cite("6.1, 6.2")},
      {marketing_subscription, "contact data of those who receive marketing", person,
       cite("3.1.2 (the second of that number), 6.3")},
      {billing, "accounting records, which may hold personal data", {}, cite("3.1.4")},
      {analytics,
       "visits, pages and links followed, browser, device, IP address, language and place", browser,
       cite("11.1, 11.5, 12.1")},
  };
}

// what may be asked for, article of the law, note, clause
std::vector<Right> rights() {
  using R = RightKind;
  const auto listed = cite("10.1");
  return {
      {R::access, "Art. 15",
       "The clause reserves a small fee; by law the first copy is free "
       "(Art. 12(5), 15(3)).",
       listed},
      {R::rectification, "Art. 16", "", listed},
      {R::completion, "Art. 16", "", listed},
      {R::erasure, "Art. 17", "Under certain conditions. Any user may have usage data removed.",
       cite("7.8, 10.1")},
      {R::restriction, "Art. 18", "Under certain conditions.", listed},
      {R::objection, "Art. 21", "Under certain conditions.", listed},
      {R::portability, "Art. 20", "To the person or to another organisation.", listed},
      {R::stop_marketing, "Art. 21(2)", "", cite("6.3")},
      {R::complaint, "Art. 77", "", cite("14")},
  };
}

// name, place, purpose, safeguard, integration, clause
std::vector<Recipient> recipients() {
  const char* const instructed = "they act on instructions only";
  const auto providers = cite("8.2, 12.2");
  return {
      {"providers of database monitoring", {}, "technical operation", instructed, {}, providers},
      {"providers of data storage and hosting",
       "European Economic Area",
       "technical operation",
       instructed,
       {},
       cite("7.1, 8.2, 12.2")},
      {"providers of tools for customer support",
       {},
       "technical operation",
       instructed,
       {},
       providers},
      {"Google Analytics", {}, "website analytics", {}, {}, cite("12.1")},
      {"advertising partners",
       {},
       "advertising, with some of the data from cookies",
       {},
       {},
       cite("11.5")},
      {"parties to a merger, sale or reorganisation",
       {},
       "change of the business",
       {},
       {},
       cite("8.3")},
      {"authorities and courts", {}, "legal duties and lawful demands", {}, {}, cite("8.4")},
      {"those needed to defend rights, prevent fraud and keep people safe",
       {},
       "enforcement and safety",
       {},
       {},
       cite("8.5")},
  };
}

}  // namespace

Policy web1on1() {
  return {
      .id = "web1on1",
      .title = "Web1on1",
      .documents = {text()},
      .publisher = {.name = "Web1on1", .citation = cite("1.1")},
      .contacts = {{"rights and privacy (Chief Privacy Officer)", Channel::email,
                    "privacy@web1on1.chat", cite("10.1, 13")},
                   {"removal of usage data", Channel::email, "support@web1on1.chat", cite("7.8")}},
      .authorities = {{"Autoriteit Persoonsgegevens",
                       "Netherlands",
                       {"Postbus 93374, 2509 AJ Den Haag", "+31 70 888 85 00"},
                       cite("14")}},
      .regimes = {Regime::eu_gdpr},
      .roles = {{.categories = CategorySet::all(),
                 .role = Role::controller,
                 .answered_by = "Web1on1",
                 .stated = false,
                 .citation = cite("10.1")}},
      .purposes = purposes(),
      .data = data(),
      .recipients = recipients(),
      .transfers = Transfers{.text = "Data is stored within the European Economic Area; 7.1 says "
                                     "that none is sent outside it, 8.4 mentions providers in the "
                                     "United States.",
                             .citation = cite("7.1, 8.4")},
      .rights = rights(),
      .rules = rules(),
      .response = ResponseTime{.within = Period::months(1), .citation = cite("10.1")},
      .fees = {{"A small fee for copies is reserved; by law the first copy is free (Art. 12(5), "
                "15(3)).",
                cite("10.1")}},
      .refusals = {{"A request may be refused in the circumstances that the authority sets out.",
                    cite("10.1")}},
      .sells_data = Statement{.yes = false,
                              .text = "Personal data is neither sold nor rented out.",
                              .citation = cite("6.3, 8.1")},
      .honours_do_not_track = Statement{.yes = false,
                                        .text = "For want of a common standard, the signal is "
                                                "ignored.",
                                        .citation = cite("12.1")},
      .cookies = {{"Each cookie is listed with its expiry: some end with the session, the others "
                   "after 30 minutes to 13 months.",
                   cite("11.2, 11.3")},
                  {"For preferences, signing in, statistics and advertising; own ones and third "
                   "parties'.",
                   cite("11.4, 11.5")}},
      .remarks = {{"Accuracy is checked on collection and regularly after it; what is wrong or out "
                   "of date is destroyed, so a rectification keeps no old value.",
                   cite("9.1")},
                  {"People are told before their data serves a new purpose.", cite("5.2")}},
      .unstated = {"who is controller and who is processor",
                   "how long enquiries, requests for a demonstration, marketing subscriptions, "
                   "accounts and recruitment data are kept",
                   "how long accounting records are kept", "how a person is identified",
                   "automated decisions", "which safeguards cover transfers", "notice of breaches"},
  };
}

}  // namespace dsar::policies
