#pragma once

#include <concepts>
#include <type_traits>

#include "core/policy.hpp"

/// How each part of a policy stands in JSON, dsarctl-policy(5): said once, for the reader
/// (policy_reader) and for the writer (policy_json). A `form` has
///   need(key, value)  the key must be there
///   may(key, value)   left out where the policy does not state it
namespace dsar::formats {

/// A T to read into or a const T to write.
template <typename T, typename Part>
concept PartOf = std::same_as<std::remove_const_t<T>, Part>;

void describe(auto& form, PartOf<Document> auto& document) {
  form.need("title", document.title);
  form.may("version", document.version);
  form.may("dated", document.dated);
}

void describe(auto& form, PartOf<Fact> auto& fact) {
  form.need("text", fact.text);
  form.need("citation", fact.citation);
}

void describe(auto& form, PartOf<Statement> auto& statement) {
  form.need("yes", statement.yes);
  form.need("text", statement.text);
  form.need("citation", statement.citation);
}

void describe(auto& form, PartOf<Operator> auto& publisher) {
  form.need("name", publisher.name);
  form.may("registration", publisher.registration);
  form.may("postal_address", publisher.postal_address);
  form.need("citation", publisher.citation);
}

void describe(auto& form, PartOf<Contact> auto& contact) {
  form.need("purpose", contact.purpose);
  form.need("channel", contact.channel);
  form.may("address", contact.address);
  form.need("citation", contact.citation);
}

void describe(auto& form, PartOf<Authority> auto& authority) {
  form.need("name", authority.name);
  form.need("competence", authority.competence);
  form.may("contact", authority.contact);
  form.need("citation", authority.citation);
}

void describe(auto& form, PartOf<RoleOf> auto& role) {
  form.need("categories", role.categories);
  form.need("role", role.role);
  form.need("answered_by", role.answered_by);
  form.may("stated", role.stated);
  form.need("citation", role.citation);
}

void describe(auto& form, PartOf<Purpose> auto& purpose) {
  form.need("id", purpose.id);
  form.need("text", purpose.text);
  form.may("bases", purpose.bases);
  form.may("categories", purpose.categories);
  form.need("citation", purpose.citation);
}

void describe(auto& form, PartOf<CollectedData> auto& data) {
  form.need("category", data.category);
  form.need("what", data.what);
  form.may("sources", data.sources);
  form.need("citation", data.citation);
}

void describe(auto& form, PartOf<Recipient> auto& recipient) {
  form.need("name", recipient.name);
  form.may("place", recipient.place);
  form.may("purpose", recipient.purpose);
  form.may("safeguard", recipient.safeguard);
  form.may("integration", recipient.integration);
  form.need("citation", recipient.citation);
}

void describe(auto& form, PartOf<Transfers> auto& transfers) {
  form.need("text", transfers.text);
  form.may("safeguards", transfers.safeguards);
  form.may("copy_on_request", transfers.copy_on_request);
  form.need("citation", transfers.citation);
}

void describe(auto& form, PartOf<Right> auto& right) {
  form.need("right", right.kind);
  form.may("article", right.article);
  form.may("note", right.note);
  form.need("citation", right.citation);
}

void describe(auto& form, PartOf<RetentionRule> auto& rule) {
  form.need("id", rule.id);
  form.may("categories", rule.categories);
  form.may("with_recorded_ground", rule.with_recorded_ground);
  form.may("clock", rule.clock);
  form.may("choice", rule.choice);
  form.need("period", rule.period);
  form.need("bound", rule.bound);
  form.need("override", rule.tenant_override);
  form.may("conditions", rule.conditions);
  form.may("action", rule.action);
  form.need("citation", rule.citation);
  form.may("note", rule.note);
}

void describe(auto& form, PartOf<ResponseTime> auto& response) {
  form.need("within", response.within);
  form.may("binding", response.binding);
  form.may("note", response.note);
  form.need("citation", response.citation);
}

void describe(auto& form, PartOf<Verification> auto& verification) {
  form.may("from_address_on_file", verification.from_address_on_file);
  form.may("receipt_confirmed_first", verification.receipt_confirmed_first);
  form.may("facts", verification.facts);
}

void describe(auto& form, PartOf<California::Category> auto& category) {
  form.need("name", category.name);
  form.may("examples", category.examples);
}

void describe(auto& form, PartOf<California> auto& california) {
  form.may("collected", california.collected);
  form.may("purposes", california.purposes);
  form.may("disclosed_to", california.disclosed_to);
  form.may("sold", california.sold);
  form.may("shared", california.shared);
  form.need("citation", california.citation);
}

void describe(auto& form, PartOf<BreachNotice> auto& breach) {
  form.need("authority_within_hours", breach.authority_within_hours);
  form.need("text", breach.text);
  form.may("contents", breach.contents);
  form.need("citation", breach.citation);
}

void describe(auto& form, PartOf<ChildrenRule> auto& children) {
  form.need("age", children.age);
  form.may("coppa_age", children.coppa_age);
  form.need("citation", children.citation);
}

void describe(auto& form, PartOf<ChangeNotice> auto& notice) {
  form.need("ahead", notice.ahead);
  form.need("citation", notice.citation);
}

/// A whole policy but for its id and documents, which citations need to be read before.
void describe(auto& form, PartOf<Policy> auto& policy) {
  form.need("publisher", policy.publisher);
  form.need("regimes", policy.regimes);
  form.may("other_laws", policy.other_laws);
  form.may("contacts", policy.contacts);
  form.may("authorities", policy.authorities);
  form.need("roles", policy.roles);
  form.need("rules", policy.rules);
  form.may("purposes", policy.purposes);
  form.may("data", policy.data);
  form.may("recipients", policy.recipients);
  form.may("transfers", policy.transfers);
  form.may("rights", policy.rights);
  form.may("response", policy.response);
  form.may("verification", policy.verification);
  form.may("authorised_agents", policy.authorised_agents);
  form.may("fees", policy.fees);
  form.may("refusals", policy.refusals);
  form.may("solely_automated_decisions", policy.solely_automated_decisions);
  form.may("california", policy.california);
  form.may("breach", policy.breach);
  form.may("children", policy.children);
  form.may("change_notice", policy.change_notice);
  form.may("sells_data", policy.sells_data);
  form.may("honours_do_not_track", policy.honours_do_not_track);
  form.may("cookies", policy.cookies);
  form.may("remarks", policy.remarks);
  form.may("unstated", policy.unstated);
}

}  // namespace dsar::formats
