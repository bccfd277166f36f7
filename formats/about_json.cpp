#include "formats/about_json.hpp"

#include <nlohmann/json.hpp>

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;

Json name_of(const auto& value) {
  return std::string(to_string(value));
}

Json value_or_null(const auto& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// An array made by `one` from each item; null when there is none, since then nothing is stated.
template <typename Items, typename One>
Json list_or_null(const Items& items, One one) {
  if (items.empty()) return nullptr;
  Json list = Json::array();
  for (const auto& item : items) list.push_back(one(item));
  return list;
}

Json texts_or_null(const std::vector<std::string>& texts) {
  return list_or_null(texts, [](const std::string& text) { return Json(text); });
}

template <typename Item, typename One>
Json object_or_null(const std::optional<Item>& item, One one) {
  return item ? Json(one(*item)) : Json(nullptr);
}

void add_unless_empty(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json categories_json(const CategorySet& categories) {
  if (categories.is_all()) return "all";
  return list_or_null(categories.values(), [](DataCategory category) { return name_of(category); });
}

Json document_json(const Document& document) {
  return {{"title", document.title},
          {"version", value_or_null(document.version)},
          {"dated", document.dated ? Json(iso_text(*document.dated)) : Json(nullptr)}};
}

Json contact_json(const Contact& contact) {
  return {{"purpose", contact.purpose},
          {"channel", name_of(contact.channel)},
          {"address", value_or_null(contact.address)},
          {"clause", to_text(contact.citation)}};
}

Json purpose_json(const Purpose& purpose) {
  return {{"id", purpose.id},
          {"purpose", purpose.text},
          {"legal_bases", list_or_null(purpose.bases, [](LegalBasis b) { return name_of(b); })},
          {"categories", categories_json(purpose.categories)},
          {"clause", to_text(purpose.citation)}};
}

Json held_json(const CollectedData& data) {
  return {{"what", data.what},
          {"sources", texts_or_null(data.sources)},
          {"clause", to_text(data.citation)}};
}

Json rule_json(const RetentionFact& fact) {
  Json json{{"rule", fact.rule}};
  if (!fact.categories.empty()) json["categories"] = categories_json(fact.categories);
  if (fact.with_recorded_ground) json["rows_with_recorded_ground"] = true;
  json["period"] = fact.stated ? Json(fact.period) : Json(nullptr);
  add_unless_empty(json, "set_period", fact.set);
  json["words"] = fact.words;
  add_unless_empty(json, "note", fact.note);
  json["clause"] = to_text(fact.citation);
  return json;
}

Json category_json(const CategoryFacts& facts) {
  return {{"category", name_of(facts.category)},
          {"role", facts.role_stated ? name_of(facts.role) : Json(nullptr)},
          {"answered_by", facts.answered_by},
          {"held", list_or_null(facts.held, held_json)},
          {"kept", texts_or_null(facts.kept)},
          {"rules", texts_or_null(facts.rules)}};
}

Json recipient_json(const Recipient& recipient) {
  Json json{{"name", recipient.name},
            {"place", value_or_null(recipient.place)},
            {"purpose", recipient.purpose},
            {"safeguard", value_or_null(recipient.safeguard)}};
  if (recipient.integration) json["only_if_enabled"] = *recipient.integration;
  json["clause"] = to_text(recipient.citation);
  return json;
}

Json right_json(const Right& right) {
  Json json{{"right", name_of(right.kind)}};
  if (right.article) json["article"] = *right.article;
  add_unless_empty(json, "note", right.note);
  json["clause"] = to_text(right.citation);
  return json;
}

Json authority_json(const Authority& authority) {
  return {{"name", authority.name},
          {"competent_for", authority.competence},
          {"contact", texts_or_null(authority.contact)},
          {"clause", to_text(authority.citation)}};
}

Json statement_json(const Statement& statement) {
  return {
      {"yes", statement.yes}, {"words", statement.text}, {"clause", to_text(statement.citation)}};
}

Json fact_json(const Fact& fact) {
  return {{"words", fact.text}, {"clause", to_text(fact.citation)}};
}

Json transfers_json(const Transfers& transfers) {
  return {{"words", transfers.text},
          {"safeguards", texts_or_null(transfers.safeguards)},
          {"copy_of_safeguards_on_request", transfers.copy_on_request},
          {"clause", to_text(transfers.citation)}};
}

Json response_json(const ResponseTime& response) {
  Json json{{"within", to_text(response.within)}, {"binding", response.binding}};
  add_unless_empty(json, "note", response.note);
  json["clause"] = to_text(response.citation);
  return json;
}

Json limit_json(const StatutoryLimit& limit) {
  return {{"regime", name_of(limit.regime)},
          {"within", to_text(limit.answer)},
          {"extension", to_text(limit.extension)},
          {"extension_needs", std::string(limit.ground)},
          {"law", std::string(limit.source)}};
}

Json verification_json(const Verification& verification) {
  return {{"from_email_address_on_file", verification.from_address_on_file},
          {"receipt_confirmed_before_validity", verification.receipt_confirmed_first},
          {"facts", list_or_null(verification.facts, fact_json)}};
}

Json california_json(const California& california) {
  return {{"collected_in_past_12_months", list_or_null(california.collected,
                                                       [](const California::Category& category) {
                                                         Json json{{"category", category.name}};
                                                         if (!category.examples.empty())
                                                           json["examples"] = category.examples;
                                                         return json;
                                                       })},
          {"purposes", texts_or_null(california.purposes)},
          {"disclosed_to", texts_or_null(california.disclosed_to)},
          {"sold", value_or_null(california.sold)},
          {"shared", value_or_null(california.shared)},
          {"clause", to_text(california.citation)}};
}

Json choice_json(const StandingChoice& choice) {
  Json json{{"choice", choice.choice}, {"words", choice.words}};
  add_unless_empty(json, "purpose", choice.purpose);
  json["since"] = choice.since;
  return json;
}

void add_nulls(const Json& json, const Json::json_pointer& here, Json& pointers) {
  if (json.is_null()) pointers.push_back(here.to_string());
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) add_nulls(value, here / key, pointers);
  }
  if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) add_nulls(json[i], here / i, pointers);
  }
}

Json head_json(const About& about) {
  Json json{{"schema", "dsarctl-about"}, {"schema_version", schema_version}};
  json["policy"] = {
      {"id", about.policy},
      {"title", about.title},
      {"documents", list_or_null(about.documents, document_json)},
      {"regimes", list_or_null(about.regimes, [](Regime regime) { return name_of(regime); })},
      {"other_laws", about.other_laws}};
  json["operator"] = {{"name", about.publisher.name},
                      {"registration", value_or_null(about.publisher.registration)},
                      {"postal_address", value_or_null(about.publisher.postal_address)},
                      {"clause", to_text(about.publisher.citation)}};
  if (about.customer) {
    json["customer"] = {{"name", about.customer->name}};
    if (about.customer->contact) json["customer"]["contact"] = *about.customer->contact;
  }
  return json;
}

}  // namespace

std::string about_json(const About& about) {
  Json json = head_json(about);
  json["contacts"] = list_or_null(about.contacts, contact_json);
  json["purposes"] = list_or_null(about.purposes, purpose_json);
  json["categories"] = list_or_null(about.categories, category_json);
  json["retention"] = list_or_null(about.rules, rule_json);
  json["recipients"] = list_or_null(about.recipients, recipient_json);
  json["rights"] = list_or_null(about.rights, right_json);
  json["complaints"] = list_or_null(about.authorities, authority_json);
  json["solely_automated_decisions"] =
      object_or_null(about.solely_automated_decisions, statement_json);
  json["transfers"] = object_or_null(about.transfers, transfers_json);
  json["response_time"] = object_or_null(about.response, response_json);
  json["statutory_limits"] = list_or_null(about.statutory_limits, limit_json);
  json["identification"] = object_or_null(about.verification, verification_json);
  json["authorised_agents"] = list_or_null(about.authorised_agents, fact_json);
  json["fees"] = list_or_null(about.fees, fact_json);
  json["refusals"] = list_or_null(about.refusals, fact_json);
  json["sells_data"] = object_or_null(about.sells_data, statement_json);
  json["honours_do_not_track"] = object_or_null(about.honours_do_not_track, statement_json);
  json["cookies"] = list_or_null(about.cookies, fact_json);
  if (about.california_asked) {
    json["california"] = object_or_null(about.california, california_json);
  }
  json["remarks"] = list_or_null(about.remarks, fact_json);
  json["left_open"] = about.unstated;
  json["choices"] = Json::array();
  for (const auto& choice : about.choices) json["choices"].push_back(choice_json(choice));

  Json pointers = Json::array();
  add_nulls(json, Json::json_pointer(), pointers);
  json["not_stated"] = std::move(pointers);
  constexpr int indent = 2;
  // A customer's name comes from the database; bad bytes must not lose the whole file.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dsar::formats
