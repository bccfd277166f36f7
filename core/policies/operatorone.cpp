#include "core/policies/builtin.hpp"

/// OperatorOne: embedded support widgets for websites. Controller of its customers' accounts,
/// processor of what the widget collects from a customer's own end users.
namespace dsar::policies {
namespace {

using enum DataCategory;

const Document& text() {
  // The text writes 12/02/2026; the operator is British, so the day comes first.
  static const Document document{
      .title = "OperatorOne Privacy Policy",
      .dated = Date{std::chrono::year{2026} / std::chrono::February / 12}};
  return document;
}

Citation cite(const char* clause) {
  return text().clause(clause);
}

const CategorySet& widget_data() {
  static const CategorySet set{conversation, message, attachment, contact_form};
  return set;
}

std::vector<RetentionRule> rules() {
  return {
      {.id = "account-active",
       .categories = widget_data() | CategorySet{account, technical_log, usage, analytics},
       .clock = {ClockEvent::account_closure},
       .period = Period::none_after(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .conditions = {RuleCondition::unless_ground_recorded},
       .action = RuleAction::delete_row,
       .citation = cite("§7"),
       .note = "Closure or a request for deletion, whichever comes first. Covers what §3 and §12 "
               "name, billing apart."},
      {.id = "legal-accounting",
       .categories = {billing},
       .with_recorded_ground = true,
       .period = Period::not_stated(),
       .bound = Bound::floor_by_law,
       .tenant_override = OverridePermission::operator_must_set,
       .citation = cite("§7"),
       .note = "The clause gives legal and accounting grounds but no period."},
      {.id = "on-request",
       .categories = CategorySet::all(),
       .clock = {ClockEvent::deletion_requested},
       .period = Period::at_once(),
       .bound = Bound::ceiling,
       .tenant_override = OverridePermission::no,
       .conditions = {RuleCondition::unless_ground_recorded},
       .action = RuleAction::delete_row,
       .citation = cite("§7"),
       .note = "Where a legal or accounting ground is recorded, the rows are withheld."},
  };
}

// id, purpose, legal bases, categories, clause
std::vector<Purpose> purposes() {
  using B = LegalBasis;
  return {
      {"service",
       "run the service that the customer has signed up for",
       {B::contract},
       widget_data() | CategorySet{account},
       cite("§4, §5")},
      {"answers",
       "answer support conversations, by AI and by people",
       {B::contract},
       widget_data(),
       cite("§4, §5")},
      {"security",
       "authenticate users and keep accounts secure",
       {B::legitimate_interest},
       {account, technical_log, usage},
       cite("§3.3, §4, §5")},
      {"payments", "take payments for paid plans", {}, {billing}, cite("§4")},
      {"notices", "send notices about the service", {}, {account}, cite("§4")},
      {"improvement",
       "make the service faster and more reliable",
       {B::legitimate_interest},
       {technical_log, usage, analytics},
       cite("§3.3, §4, §5, §12")},
      {"abuse",
       "keep fraud and abuse away",
       {B::legal_obligation, B::legitimate_interest},
       {account, technical_log, usage, billing},
       cite("§3.3, §4, §5")},
      {"tax", "meet tax and accounting duties", {B::legal_obligation}, {billing}, cite("§5, §7")},
      {"marketing",
       "send marketing messages where that needs consent",
       {B::consent},
       {},
       cite("§5")},
  };
}

// category, what it holds, sources, clause
std::vector<CollectedData> data() {
  const std::vector<std::string> end_users{"end users of the customer, through the widget"};
  const std::vector<std::string> automatic{"recorded by the service while it is used"};
  return {
      {account,
       "name, email address, password (stored encrypted), company where given",
       {"the person, on registering"},
       cite("§3.1")},
      {conversation,
       "timestamps, site key and the fields that the customer asks for, such as email, phone or "
       "order number",
       end_users, cite("§3.2")},
      {message, "what was written in the widget", end_users, cite("§3.2")},
      {technical_log, "IP address, browser, kind of device, operating system, logins and logouts",
       automatic, cite("§3.3")},
      {usage, "activity within sessions", automatic, cite("§3.3")},
      {analytics, "what a limited number of analytics cookies count", automatic, cite("§12")},
      {billing,
       "billing email, plan, and payment details that Stripe holds; full card numbers are not "
       "kept",
       {"the customer, on subscribing to a paid plan"},
       cite("§3.4")},
  };
}

// what may be asked for, article of the law, note, clause
std::vector<Right> rights() {
  using R = RightKind;
  const auto listed = cite("§11");
  return {
      {R::access, "Art. 15", "", listed},
      {R::rectification, "Art. 16", "", listed},
      {R::erasure, "Art. 17", "Deletion of the account may be asked for at any time.",
       cite("§7, §11")},
      {R::restriction, "Art. 18", "", listed},
      {R::objection, "Art. 21", "", listed},
      {R::portability, "Art. 20", "", listed},
      {R::complaint, "Art. 77", "", listed},
  };
}

}  // namespace

Policy operatorone() {
  return {
      .id = "operatorone",
      .title = "OperatorOne",
      .documents = {text()},
      .publisher = {.name = "OperatorOne", .citation = cite("§2")},
      .contacts = {{"rights and questions about privacy", Channel::email,
                    "support@operatorone.co.uk", cite("§11")}},
      .authorities =
          {{"Information Commissioner's Office (ICO)", "United Kingdom", {}, cite("§11")}},
      .regimes = {Regime::uk_gdpr},
      .other_laws = {"Data Protection Act 2018 (UK)"},
      .roles = {{.categories = widget_data(),
                 .role = Role::processor,
                 .answered_by = "the customer whose website shows the widget: it decides which "
                                "fields are asked, and a request is forwarded to it",
                 .citation = cite("§3.2, §6")},
                {.categories = CategorySet::all() - widget_data(),
                 .role = Role::controller,
                 .answered_by = "OperatorOne",
                 .citation = cite("§3, §6")}},
      .purposes = purposes(),
      .data = data(),
      .recipients = {{"Stripe", {}, "payment processing", {}, {}, cite("§3.4, §9")},
                     {"hosting providers", {}, "hosting", {}, {}, cite("§9")},
                     {"email (SMTP) providers", {}, "sending email", {}, {}, cite("§9")}},
      .transfers = Transfers{.text = "Data that leaves the United Kingdom is safeguarded.",
                             .safeguards = {"standard contractual clauses, where they apply"},
                             .citation = cite("§10")},
      .rights = rights(),
      .rules = rules(),
      .sells_data =
          Statement{.yes = false, .text = "No personal data is sold.", .citation = cite("§4")},
      .cookies = {{"Essential cookies: signing in, sessions, security.", cite("§12")},
                  {"A limited number of analytics cookies may be used; the browser's settings "
                   "control them.",
                   cite("§12")}},
      .remarks = {{"Conversations belong to the customer, who must itself have a legal basis for "
                   "what it collects from its end users.",
                   cite("§6")}},
      .unstated = {"how soon a request is answered", "how a person is identified",
                   "how long billing records are kept",
                   "names and places of the hosting and email providers",
                   "whether attachments are collected", "automated decisions", "fees",
                   "notice of breaches and of changes"},
  };
}

}  // namespace dsar::policies
