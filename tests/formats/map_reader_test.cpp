#include "formats/map_reader.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "tests/formats/map_fixture.hpp"

using namespace dsar;
using namespace dsar::formats;
using map_fixture::everything;
using map_fixture::faults_in;
using map_fixture::faults_with;
using map_fixture::faults_without;

namespace {

DataMap read_everything() {
  return read_map(map_fixture::folder() / "good" / "everything.json");
}

using Texts = std::vector<std::string>;

std::vector<std::string> fault_texts(const std::vector<MapText>& texts) {
  std::vector<std::string> result;
  try {
    static_cast<void>(read_map_texts(texts));
  } catch (const InvalidMap& error) {
    for (const Fault& fault : error.faults()) result.push_back(fault.text());
  }
  return result;
}

/// A folder that is gone at the end of its test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "dsarctl-map-reader-test") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("a map's top and tenants are read") {
  const DataMap map = read_everything();
  CHECK_EQ(map.default_schema, "helpdesk");
  CHECK_EQ(map.policy, "omniops");
  CHECK_EQ(map.zone, "Europe/London");
  REQUIRE(map.tenants);
  CHECK_EQ(map.tenants->table.text(), "helpdesk.tenant");
  CHECK_EQ(map.tenants->display_name->text, "coalesce(trading_name, name)");
  CHECK_EQ(map.tenants->policy_names.at("op-one"), "operatorone");
  REQUIRE_EQ(map.tenants->events.size(), 2);
  CHECK_EQ(map.tenants->events[0].unless->text, "converted_at is not null");
  CHECK_FALSE(map.tenants->events[1].unless);
  REQUIRE(map.tenants->integrations);
  CHECK_EQ(map.tenants->integrations->via.at(0).table.text(), "helpdesk.integration");
  CHECK_EQ(map.tenants->integrations->expression.text, "lower(i.provider)");
  REQUIRE_EQ(map.overrides.size(), 2);
  CHECK_EQ(map.overrides[0].unit, "days");
  CHECK_EQ(map.overrides[0].tenant, "");
  CHECK_EQ(map.overrides[1].period, "30 days");
  CHECK_EQ(map.waivers.at(0).expires, "2027-01-31");
  CHECK_EQ(map.files.size(), 1);
}

TEST_CASE("tables take the default schema and not-personal ones their reason") {
  const DataMap map = read_everything();
  CHECK_EQ(*find_table(map, {"helpdesk", "sla_policy"})->not_personal, "configuration");
  CHECK_EQ(*find_table(map, {"public", "schema_migrations"})->not_personal, "configuration");
  CHECK(find_table(map, {"helpdesk", "business_hours"}) != nullptr);
  CHECK(find_table(map, {"public", "sla_policy"}) == nullptr);
  const Table& visitor = *find_table(map, {"helpdesk", "visitor"});
  CHECK_EQ(visitor.tenant.at(0).column, "tenant_id");
  CHECK(visitor.key == Texts{"id"});
  CHECK(visitor.known_cascades == Texts{"message_sender_fkey"});
  CHECK_EQ(visitor.known_triggers.at("visitor_search"), "rewrites the search column");
  const Table& message = *find_table(map, {"helpdesk", "message"});
  REQUIRE_EQ(message.tenant.size(), 2);
  CHECK_EQ(message.tenant[0].when->text, "this.conversation_id is not null");
  CHECK_EQ(message.tenant[0].via.at(0).alias, "conversation");
  CHECK_FALSE(message.tenant[1].when);
  CHECK_EQ(message.tenant[1].column, "tenant_id");
  const Table& inbox = *find_table(map, {"helpdesk", "inbox"});
  CHECK_EQ(*inbox.not_personal, "channels and their settings");
  CHECK_EQ(inbox.tenant.at(0).column, "tenant_id");
  CHECK(message.key == Texts{"conversation_id", "number"});
  CHECK(find_table(map, {"helpdesk", "ticket"})->tenant.empty());
}

TEST_CASE("identities and where they are held are read") {
  const DataMap map = read_everything();
  CHECK(find_identity(map, "email")->normalisation == Normalisation::folded);
  CHECK(find_identity(map, "email")->scan);
  CHECK(find_identity(map, "account")->strength == Strength::strong);
  CHECK(find_identity(map, "account")->normalisation == Normalisation::exact);
  CHECK_EQ(find_identity(map, "phone")->region, "GB");
  CHECK(find_identity(map, "device")->strength == Strength::hint);
  CHECK(find_identity(map, "nobody") == nullptr);

  const auto& sources = find_set(map, "visitors").set->identities;
  REQUIRE_EQ(sources.size(), 8);
  CHECK(sources[2].columns == Texts{"country_code", "number"});
  CHECK_EQ(sources[3].json_path, "$.contacts[*].email");
  CHECK(sources[4].array);
  CHECK(sources[4].columns == Texts{"addresses"});
  CHECK_EQ(sources[5].via.at(0).alias, "e");
  CHECK_EQ(sources[5].via.at(0).match.at(0).near, "id");
  CHECK_EQ(sources[5].via.at(0).match.at(0).far, "visitor_id");
  CHECK_EQ(sources[6].expression->text, "this.account_site || ':' || this.account_number");
  CHECK_EQ(sources[7].via.at(0).on->text, "card.void_at is null");
}

TEST_CASE("record sets, links, clocks and erasing are read") {
  const DataMap map = read_everything();
  const RecordSet& visitors = *find_set(map, "visitors").set;
  CHECK(visitors.relation == Relation::own);  // it has identities
  CHECK(visitors.clock->epoch == EpochUnit::milliseconds);
  CHECK_EQ(visitors.clock->masked_when->text, "email is null");
  CHECK(visitors.erase.nullify_first == Texts{"last_message_id"});
  const ReferenceRepoint& repoint = visitors.erase.repoint_references.at(0);
  CHECK_EQ(repoint.reference.table.text(), "helpdesk.ticket");
  CHECK_EQ(repoint.reference.match.at(0).near, "created_by_id");
  CHECK_EQ(repoint.reference.match.at(0).far, "id");
  CHECK_EQ(repoint.to.text, "90 + this.tenant_id");

  const RecordSet& messages = *find_set(map, "messages").set;
  CHECK(messages.relation == Relation::about);
  CHECK(messages.role == RoleChoice::policy);
  REQUIRE_EQ(messages.links.size(), 3);
  CHECK(messages.links[1].relation == Relation::author);
  CHECK(messages.links[1].through == std::vector<Relation>{Relation::own});
  CHECK(messages.links[2].match.empty());
  CHECK_EQ(messages.clock->expression->text, "coalesce(sent_at, created_at)");
  CHECK_FALSE(messages.clock->undated_due);
  CHECK(messages.erase.action == EraseAction::remove);
  CHECK_EQ(messages.objects.at(0).key.text, "storage_key");

  const RecordSet& conversations = *find_set(map, "conversations").set;
  CHECK(conversations.role == RoleChoice::processor);
  CHECK(conversations.clock->childless == Texts{"messages"});
  CHECK_EQ(conversations.clock->expression->text, "created_at");
  CHECK(conversations.clock->undated_due);

  CHECK(find_set(map, "agents").set->erase.action == EraseAction::mask);
  CHECK_EQ(find_set(map, "attachments").set->erase.unless_referenced_by.at(0).table.text(),
           "helpdesk.message_file");
  const EraseRule& kept = find_set(map, "invoices").set->erase;
  CHECK(kept.action == EraseAction::keep);
  CHECK(kept.mask_kept);
  CHECK_EQ(kept.citation, "Art. 17(3)(b)");
  CHECK_EQ(find_set(map, "tickets").set->erase.repoint.at("created_by_id").text, "0");
  CHECK(find_set(map, "attachments").set->clock->parents == Texts{"messages", "conversations"});
  CHECK_EQ(record_sets(map).size(), 8);
  CHECK(find_set(map, "nothing").set == nullptr);
}

TEST_CASE("events, grounds and recorded choices of a set are read") {
  const DataMap map = read_everything();
  const RecordSet& visitors = *find_set(map, "visitors").set;
  REQUIRE_EQ(visitors.events.size(), 4);
  CHECK_EQ(visitors.events[0].event, "unsubscribed");
  CHECK_EQ(visitors.events[0].expression.text, "unsubscribed_at");
  CHECK(visitors.events[0].via.empty());
  CHECK_FALSE(visitors.events[0].unless);
  CHECK_EQ(visitors.events[1].event, "last-inbound-message");
  REQUIRE_EQ(visitors.events[1].via.size(), 2);
  CHECK_EQ(visitors.events[1].via[1].on->text, "m.sender_type = 'Visitor'");
  CHECK_EQ(visitors.events[1].expression.text, "m.created_at");
  CHECK_EQ(visitors.events[1].unless->text, "m.bounced or this.kind = 'test'");
  CHECK_EQ(visitors.events[2].event, "account-closure");
  CHECK_EQ(visitors.events[3].event, "account-closure");
  CHECK_EQ(visitors.events[3].unless->text, "restored");
  CHECK_EQ(visitors.recorded_in.size(), 2);
  CHECK_EQ(visitors.purpose_in, "kind");
  CHECK_EQ(visitors.recorded_in.at(SubjectChoice::restriction), "restricted_at");
  CHECK_EQ(visitors.recorded_in.at(SubjectChoice::opt_out_ai), "ai_opt_out");
  CHECK_EQ(find_set(map, "conversations").set->legal_ground->text, "custom_fields->>'ground'");
  CHECK_FALSE(visitors.legal_ground);
}

TEST_CASE("columns are read, and a set's own rule comes before its table's") {
  const DataMap map = read_everything();
  const SetRef visitors = find_set(map, "visitors");
  const SetRef agents = find_set(map, "agents");
  CHECK(column_rule(visitors, "id")->use == ColumnUse::key);
  CHECK(column_rule(visitors, "password_hash")->use == ColumnUse::secret);
  CHECK(column_rule(visitors, "kind")->use == ColumnUse::not_personal);
  CHECK(column_rule(visitors, "nothing") == nullptr);
  CHECK(column_rule(visitors, "name")->mask->kind == MaskKind::literal);
  CHECK_EQ(column_rule(visitors, "name")->mask->text, "");
  CHECK_EQ(column_rule(agents, "name")->mask->text, "agent-{key}");
  CHECK_EQ(column_rule(visitors, "postcode")->mask->length, 3);
  CHECK(column_rule(visitors, "score")->mask->kind == MaskKind::null);
  CHECK(column_rule(visitors, "referrer")->mask->kind == MaskKind::keyed_hash);
  CHECK(column_rule(visitors, "referrer")->origin == Origin::other);
  CHECK(column_rule(visitors, "previous_name")->historic);
  CHECK(column_rule(visitors, "name")->redact_residue);
  CHECK_EQ(*column_rule(visitors, "seen_at")->zone, "Europe/London");

  const ColumnRule& attributes = *column_rule(visitors, "attributes");
  CHECK(attributes.encoding == Encoding::json);
  REQUIRE_EQ(attributes.json.size(), 8);
  CHECK_EQ(attributes.json[1].category, "user.contact.email");
  CHECK_EQ(attributes.json[4].third_party->identity, "email");
  CHECK(attributes.json[5].secret);
  CHECK(attributes.json[6].secret);
  CHECK_FALSE(attributes.json[7].secret);

  const ColumnRule& sender = *column_rule(find_set(map, "messages"), "sender_id");
  REQUIRE_EQ(sender.third_parties.size(), 2);
  CHECK_EQ(sender.third_parties.at(0).set, "agents");
  CHECK_EQ(sender.third_parties.at(1).set, "visitors");
  CHECK_FALSE(sender.third_parties.at(1).when);
  CHECK_EQ(sender.third_parties.at(0).when->text, "sender_type = 'User'");
  CHECK_EQ(*column_rule(find_set(map, "conversations"), "last_message")->copy_of, "messages.body");
  // Where keys are names, `note` is one.
  CHECK(column_rule(find_set(map, "attachments"), "note")->use == ColumnUse::not_personal);
}

TEST_CASE("everything knows the line that it was read from") {
  const DataMap map = read_map_texts({{"m", R"json({
"dsarctl_map": 1,
"identities": {
  "email": {"category": "user.contact.email"}},
"tables": {
  "visitor": {
    "sets": {
      "visitors": {"category": "account", "subject": "visitor",
        "identities": [
          {"kind": "email",
           "expression": "lower(email)"}]}},
    "columns": {
      "email": "user.contact.email"}}}})json"}});
  const SetRef visitors = find_set(map, "visitors");
  CHECK_EQ(find_identity(map, "email")->where.line, 4);
  CHECK_EQ(visitors.table->where.line, 6);
  CHECK_EQ(visitors.set->where.line, 8);
  CHECK_EQ(visitors.set->where.pointer, "/tables/visitor/sets/visitors");
  CHECK_EQ(visitors.set->identities.at(0).where.line, 10);
  CHECK_EQ(visitors.set->identities.at(0).expression->where.line, 11);
  CHECK_EQ(visitors.table->columns.at(0).where.line, 13);
  CHECK_EQ(visitors.table->columns.at(0).where.file, "m");
  CHECK_EQ(visitors.table->name.schema, "public");
}

TEST_CASE("all faults are listed in the order of the file, each with its line") {
  const auto faults = fault_texts({{"m.json", R"json({
"dsarctl_map": 1,
"identites": {},
"tables": {
  "visitor": {
    "sets": {
      "visitors": {"category": "acount", "subject": "visitor",
        "where": "true) or (true",
        "relation": "mine",
        "links": [{"to": "agents", "match": {"a": "b"}}]}},
    "columns": {
      "email": {"category": "user.contact.emial", "origin": 7}}}}})json"}});
  CHECK(faults ==
        Texts{"m.json:3: /identites: unknown key 'identites'; did you mean 'identities'?",
              "m.json:7: /tables/visitor/sets/visitors/category: no policy knows the data category "
              "'acount'; did you mean 'account'?",
              "m.json:8: /tables/visitor/sets/visitors/where: SQL fragment, character 5: ')' "
              "closes nothing",
              "m.json:8: /tables/visitor/sets/visitors/where: SQL fragment, character 10: '(' is "
              "never closed",
              "m.json:9: /tables/visitor/sets/visitors/relation: expected 'own', 'author', 'about' "
              "or 'mentions', found 'mine'",
              "m.json:10: /tables/visitor/sets/visitors/links/0/to: no record set is called "
              "'agents'",
              "m.json:12: /tables/visitor/columns/email/origin: expected 'provided', 'observed', "
              "'derived' or 'other', found 7",
              "m.json:12: /tables/visitor/columns/email/category: unknown category of personal "
              "data 'user.contact.emial'; did you mean 'user.contact.email'?"});
}

TEST_CASE("the exception says the kind of file, the number of faults and the first") {
  try {
    static_cast<void>(read_map_texts({{"m.json", "{\"dsarctl_map\": 2, \"a\": 1}"}}));
    FAIL("no exception");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    CHECK_EQ(std::string(error.what()),
             "data map invalid: 3 faults, the first at m.json:1: /dsarctl_map: expected a whole "
             "number from 1 to 1, found 2");
  }
}

TEST_CASE("a part that cannot be read causes no further faults") {
  CHECK(faults_with("/tables/visitor/sets/visitors", "7") ==
        Texts{"/tables/visitor/sets/visitors: expected an object, found 7"});
  CHECK(faults_with("/tables/conversation/sets/conversations/links/0/to", "7") ==
        Texts{"/tables/conversation/sets/conversations/links/0/to: expected a name, found 7"});
  CHECK(faults_with("/tables/invoice/sets/invoices/clock/expression", "7").size() == 1);
}

TEST_CASE("no value may be of another type, and no key may be added") {
  // Every place of the map in turn; 7.5 fits nowhere.
  const auto& flat = everything();
  std::size_t places = 0;
  const std::function<void(const nlohmann::ordered_json&, const std::string&)> visit =
      [&](const nlohmann::ordered_json& value, const std::string& pointer) {
        CAPTURE(pointer);
        ++places;
        if (!pointer.empty()) CHECK_FALSE(faults_with(pointer, "7.5").empty());
        if (!value.is_structured()) return;
        if (value.is_object()) CHECK_FALSE(faults_with(pointer + "/zzz", "7.5").empty());
        for (const auto& [key, member] : value.items()) {
          visit(member,
                pointer + "/" + (value.is_object() ? json_pointer("", key).substr(1) : key));
        }
      };
  visit(flat, "");
  CHECK(places > 350);
}

TEST_CASE("a folder is one map") {
  const Folder folder;
  folder.write("10-top.json",
               R"json({"dsarctl_map": 1, "schema": "desk",
                   "identities": {"email": {"category": "user.contact.email"}}})json");
  folder.write("20-visitor.json",
               R"json({"dsarctl_map": 1, "note": "x", "tables": {"visitor": {"sets": {"visitors":
                   {"category": "account", "subject": "visitor",
                    "identities": [{"kind": "email", "column": "email"}]}}}}})json");
  folder.write("30-rest.json",
               R"json({"dsarctl_map": 1, "not_personal": [{"tables": "a", "reason": "b"}]})json");
  folder.write("README.md", "not a map");
  const DataMap map = read_map(folder.path());
  CHECK_EQ(map.files.size(), 3);
  CHECK_EQ(map.files[1], (folder.path() / "20-visitor.json").string());
  CHECK(find_table(map, {"desk", "visitor"}) != nullptr);
  CHECK_EQ(find_set(map, "visitors").set->where.file, map.files[1]);
  CHECK(find_table(map, {"desk", "a"}) != nullptr);
}

TEST_CASE("a folder says a thing once") {
  const std::string first =
      R"json({"dsarctl_map": 1, "zone": "UTC", "identities": {"email": {"category": "user.contact.email"}},
"tables": {"visitor": {"sets": {"visitors": {"category": "account", "subject": "visitor",
"identities": [{"kind": "email", "column": "email"}]}}}}})json";
  const std::string second = R"json({"dsarctl_map": 1,
"zone": "UTC",
"identities": {},
"not_personal": [{"tables": ["public.visitor"], "reason": "x"}],
"tables": {"other": {"sets": {"visitors": {"category": "account", "subject": "visitor",
"links": [{"to": "visitors", "match": {"a": "b"}}]}}}}})json";
  const auto faults = fault_texts({{"1.json", first}, {"2.json", second}});
  CHECK(faults ==
        Texts{"2.json:2: /zone: 'zone' is already said in 1.json:1",
              "2.json:3: /identities: 'identities' is already said in 1.json:1",
              "2.json:4: /not_personal/0/tables/0: the table public.visitor is already described "
              "in 1.json:2",
              "2.json:5: /tables/other/sets/visitors: the record set 'visitors' is already "
              "described in 1.json:2",
              "2.json:6: /tables/other/sets/visitors/links/0/to: links form a cycle, leave one out "
              "or make it an identity: visitors -> visitors"});
}

TEST_CASE("every file of a map says its version") {
  CHECK(faults_in("{\"tables\": {}}").at(0) == ": the key 'dsarctl_map' is missing");
  CHECK(faults_in("[]").at(0) == ": expected an object, found a list");
}

TEST_CASE("one file that is no JSON keeps the others from being judged as a whole") {
  const auto faults = fault_texts({{"1.json", "{"}, {"2.json", R"json({"dsarctl_map": 1,
    "tables": {"a": {"sets": {"b": {"category": "message", "subject": "visitor", "wher": "x",
    "links": [{"to": "in-1", "match": {"c": "d"}}]}}}}})json"}});
  REQUIRE_EQ(faults.size(), 2);
  CHECK(faults[0].find("1.json:1:2: no valid JSON") == 0);
  CHECK(faults[1].find("unknown key 'wher'; did you mean 'where'?") != std::string::npos);
}

TEST_CASE("a map that is not there is an error of usage") {
  const Folder folder;
  CHECK_THROWS_WITH_AS(
      read_map(folder.path()),
      ("no data map in " + folder.path().string() + ": it has no *.json file").c_str(), Error);
  CHECK_THROWS_AS(read_map(folder.path() / "missing.json"), Error);
}

TEST_CASE("names that PostgreSQL could not store are refused") {
  CHECK(faults_with("/schema", "\"\\\"Desk\\\"\"").at(0) ==
        "/schema: names are written as they are stored, without SQL quotes: Desk");
  CHECK(faults_with("/schema", "\"a\\u0007\"").at(0).find("control characters") !=
        std::string::npos);
  CHECK(faults_with("/schema", '"' + std::string(64, 'x') + '"').at(0).find("63 bytes") !=
        std::string::npos);
  CHECK(faults_with("/schema", "\" \"").at(0) == "/schema: expected a name, found an empty string");
  CHECK(faults_with("/tables/message/key", "[]").at(0).find("at least one") != std::string::npos);
  CHECK(faults_with("/policy", "\"a\\u0000b\"").at(0).find("NUL") != std::string::npos);
}

TEST_CASE("a map of 138 tables, each hanging on the one before, is read whole") {
  nlohmann::ordered_json json{{"dsarctl_map", 1},
                              {"identities", {{"email", {{"category", "user.contact.email"}}}}},
                              {"tables", nlohmann::ordered_json::object()}};
  for (int table = 0; table < 138; ++table) {
    const std::string name = "table_" + std::to_string(table);
    nlohmann::ordered_json columns;
    for (int column = 0; column < 30; ++column) {
      auto& rule = columns["column_" + std::to_string(column)];
      rule = "not_personal";
      if (column % 3 == 0) rule = {{"category", "user.content.private"}, {"origin", "provided"}};
      if (column % 9 == 0) rule["third_party"] = {{"text", true}, {"when", "kind = lower(this.a)"}};
    }
    nlohmann::ordered_json set{
        {"category", "message"}, {"subject", "visitor"}, {"clock", "coalesce(a, b)"}};
    if (table == 0) {
      set["identities"] = {{{"kind", "email"}, {"column", "email"}}};
    } else {
      set["links"] = {{{"to", "table_" + std::to_string(table - 1)}, {"match", {{"a", "b"}}}}};
    }
    json["tables"][name] = {{"sets", {{name, set}}}, {"columns", columns}};
  }
  const std::string text = json.dump(1);
  const DataMap map = read_map_texts({{"m.json", text}});
  CHECK_EQ(map.tables.size(), 138);
  CHECK_EQ(map.tables.back().columns.size(), 30);
}
