#include "formats/objects_statement.hpp"

#include <nlohmann/json.hpp>

#include "core/rfc3339.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string text_of(const Json& object, const char* member) {
  const auto& value = object.at(member);
  return value.is_null() ? std::string() : value.get<std::string>();
}

StoreState store_of(const Json& one) {
  StoreState store;
  store.store = one.at("store").get<std::string>();
  store.deleted = one.at("deleted").get<std::uint64_t>();
  store.not_found = one.at("not_found").get<std::uint64_t>();
  store.failed = one.at("failed").get<std::uint64_t>();
  store.unreported = one.at("unreported").get<std::uint64_t>();
  store.gone_digest = text_of(one, "gone_digest");
  return store;
}

}  // namespace

std::uint64_t ObjectsStatement::open() const {
  std::uint64_t open = 0;
  for (const auto& store : stores) open += store.open();
  return open;
}

std::string objects_statement_text(const ObjectsStatement& statement) {
  auto stores = Json::array();
  for (const auto& one : statement.stores)
    stores.push_back({{"store", one.store},
                      {"deleted", one.deleted},
                      {"not_found", one.not_found},
                      {"failed", one.failed},
                      {"unreported", one.unreported},
                      {"gone_digest", text_or_null(one.gone_digest)}});
  return statement_text(objects_kind, statement,
                        {{"number", statement.number},
                         {"stated_at", rfc3339(statement.stated_at)},
                         {"stores", std::move(stores)},
                         {"open", statement.open()},
                         {"hashed_with", text_or_null(statement.hash_key_id)}});
}

ObjectsStatement read_objects_statement(std::string_view text, const std::string& name) {
  ObjectsStatement statement;
  read_statement(objects_kind, text, name, statement, [&](const Json& content) {
    statement.number = content.at("number").get<std::int64_t>();
    statement.stated_at = instant_of(content, "stated_at");
    for (const auto& one : content.at("stores")) statement.stores.push_back(store_of(one));
    statement.hash_key_id = text_of(content, "hashed_with");
  });
  return statement;
}

std::string objects_statement_report(const ObjectsStatement& statement) {
  TextTable table({{"objects in"},
                   {"deleted", Align::right},
                   {"not found", Align::right},
                   {"failed", Align::right},
                   {"not reported", Align::right}});
  for (const auto& one : statement.stores)
    table.add({one.store, std::to_string(one.deleted), std::to_string(one.not_found),
               std::to_string(one.failed), std::to_string(one.unreported)});
  return "Objects outside the database, statement " + std::to_string(statement.number) + " of " +
         rfc3339(statement.stated_at) + ", signed with key " + statement.signing_key_id +
         ". Open: " + std::to_string(statement.open()) + "\n" + table.text(2);
}

}  // namespace dsar::formats
