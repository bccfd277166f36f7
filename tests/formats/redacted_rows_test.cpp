#include "formats/redacted_rows.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "formats/json_row.hpp"
#include "tests/redaction_map.hpp"

using dsar::Column;
using dsar::ColumnRule;
using dsar::Encoding;
using dsar::Redactor;
using dsar::Row;
using dsar::SelectedColumn;
using dsar::ThirdParty;
using dsar::ValueKind;

namespace {

using Values = std::vector<std::optional<std::string>>;

/// Rows as a server would give them: each in memory of its own, gone with the next.
class GivenRows final : public dsar::RowSource {
 public:
  GivenRows(std::vector<Column> columns, std::vector<Values> rows)
      : columns_(std::move(columns)), rows_(rows.begin(), rows.end()) {}

  [[nodiscard]] const std::vector<Column>& columns() const override { return columns_; }

  bool next(Row& row) override {
    if (rows_.empty()) return false;
    current_ = std::move(rows_.front());
    rows_.pop_front();
    row.assign(current_.begin(), current_.end());
    return true;
  }

 private:
  std::vector<Column> columns_;
  std::deque<Values> rows_;
  Values current_;
};

const dsar::DataMap map = dsar::test::redaction_map();

ThirdParty party(std::string label, std::string set, std::string identity, bool text = false) {
  return {std::move(label), std::move(set), std::move(identity), text, {}};
}

/// A record set in the making, and what becomes of its rows.
struct Messages {
  std::deque<ColumnRule> rules;
  dsar::SetSelection selection;
  Redactor redactor{map, dsar::test::adas_keys(), dsar::test::adas_identities()};

  Messages() { selection.set = dsar::find_set(map, "messages"); }

  ColumnRule& add(std::string name, ValueKind kind, std::optional<ThirdParty> third_party = {}) {
    auto& rule = rules.emplace_back();
    rule.name = name;
    if (third_party) rule.third_parties = {std::move(*third_party)};
    SelectedColumn column;
    column.column = {std::move(name), kind};
    column.rule = &rule;
    selection.columns.push_back(column);
    return rule;
  }

  ColumnRule& add_when(std::string name, ValueKind kind, ThirdParty third_party) {
    third_party.when = dsar::SqlFragment{"true", {}};
    auto& rule = add(std::move(name), kind, std::move(third_party));
    selection.columns.back().when = {selection.hidden++};
    return rule;
  }

  void add_json(ColumnRule& rule, std::string path, std::optional<ThirdParty> third_party) {
    dsar::JsonPathRule json;
    json.path = std::move(path);
    json.secret = !third_party;
    json.third_party = std::move(third_party);
    rule.json.push_back(std::move(json));
  }

  std::unique_ptr<dsar::RowSource> open(std::vector<Values> rows) {
    return dsar::formats::redacted(
        std::make_unique<GivenRows>(dsar::stream_columns(selection), std::move(rows)), selection,
        redactor);
  }

  /// The rows as a package shows them. The two columns that order them are added here.
  std::string json(std::vector<Values> rows) {
    for (auto& row : rows) row.insert(row.end(), {"16384", "(0,1)"});
    auto source = open(std::move(rows));
    const dsar::formats::JsonRow json_row(source->columns());
    std::string out;
    for (Row row; source->next(row);) json_row.append(out, row);
    return out;
  }

  /// One value of the only column.
  std::string value(std::optional<std::string> text) {
    const auto row = json({{std::move(text)}});
    const auto colon = row.find(':');
    return row.substr(colon + 1, row.size() - colon - 2);
  }

  const dsar::RedactedColumn& log(std::string_view path = {}) {
    return redactor.log().column("messages", rules.back().name, path);
  }
};

}  // namespace

TEST_CASE("rows without rules pass as they are, without the columns that order them") {
  Messages messages;
  messages.add("id", ValueKind::number);
  messages.add("amount", ValueKind::number);
  messages.add("payload", ValueKind::json);
  auto source = messages.open({{"1", "1.10", "{\"b\":18446744073709551616}", "1", "2"},
                               {"2", std::nullopt, std::nullopt, "1", "2"}});
  CHECK(source->columns().size() == 3);
  CHECK(source->columns()[2].kind == ValueKind::json);
  Row row;
  REQUIRE(source->next(row));
  CHECK(row == Row{"1", "1.10", "{\"b\":18446744073709551616}"});
  REQUIRE(source->next(row));
  CHECK(row == Row{"2", std::nullopt, std::nullopt});
  CHECK_FALSE(source->next(row));
}

TEST_CASE("rows that lack a column of their selection are refused") {
  Messages messages;
  messages.add("id", ValueKind::number);
  messages.add_when("sender_id", ValueKind::number, party("agent", "agents", ""));
  CHECK_THROWS_AS(dsar::formats::redacted(std::make_unique<GivenRows>(
                                              std::vector<Column>{{"id", ValueKind::number},
                                                                  {"sender_id", ValueKind::number}},
                                              std::vector<Values>{}),
                                          messages.selection, messages.redactor),
                  std::logic_error);
}

TEST_CASE("keys of others become labels, also in columns of numbers, the subject's and NULL stay") {
  Messages messages;
  messages.add("visitor_id", ValueKind::number, party("visitor", "visitors", ""));
  CHECK(messages.json({{"42"}, {"44"}, {std::nullopt}, {"45"}, {"44"}}) ==
        "{\"visitor_id\":42}{\"visitor_id\":\"visitor-1\"}{\"visitor_id\":null}"
        "{\"visitor_id\":\"visitor-2\"}{\"visitor_id\":\"visitor-1\"}");
  CHECK(messages.log().third_party == 3);
  CHECK(messages.log().labels == 2);
  CHECK(messages.log().withheld == 0);
}

TEST_CASE("a rule with a condition applies where the server says so, and where it does not say") {
  Messages messages;
  messages.add_when("sender_id", ValueKind::number, party("agent", "agents", ""));
  messages.add_when("owner_id", ValueKind::text, party("agent", "agents", ""));
  messages.add("body", ValueKind::text);
  CHECK(messages.json({{"5", "6", "a", "t", "f"}, {"5", "6", "b", "f", "t"}}) ==
        R"({"sender_id":"agent-1","owner_id":"6","body":"a"})"
        R"({"sender_id":5,"owner_id":"agent-2","body":"b"})");
  CHECK(messages.json({{"5", "6", "c", std::nullopt, ""}}) ==
        R"({"sender_id":"agent-1","owner_id":"agent-2","body":"c"})");
}

TEST_CASE("of several rules of a column the first that holds in the row decides") {
  Messages messages;
  auto& sender = messages.add("sender_id", ValueKind::number);
  sender.third_parties = {party("agent", "agents", ""), party("visitor", "visitors", ""),
                          party("anyone", "agents", "")};
  sender.third_parties[0].when = sender.third_parties[1].when = dsar::SqlFragment{"true", {}};
  messages.selection.columns.back().when = {0, 1, std::nullopt};
  messages.selection.hidden = 2;
  CHECK(messages.json({{"42", "t", "f"},
                       {"42", "f", "t"},
                       {"44", "f", "t"},
                       {"44", "f", "f"},
                       {"44", "t", "t"}}) ==
        R"({"sender_id":"agent-1"}{"sender_id":42}{"sender_id":"visitor-1"})"
        R"({"sender_id":"anyone-1"}{"sender_id":"agent-2"})");
}

TEST_CASE("a column's rules that all need a condition leave rows alone in which none holds") {
  Messages messages;
  auto& payload = messages.add("payload", ValueKind::json);
  payload.third_parties = {party("agent", "", "email"), party("person", "", "", true)};
  payload.third_parties[0].when = payload.third_parties[1].when = dsar::SqlFragment{"true", {}};
  messages.selection.columns.back().when = {0, 1};
  messages.selection.hidden = 2;
  const std::string json = R"({"a":"b@example.com"})";
  CHECK(messages.json({{json, "f", "f"}, {json, "t", "f"}, {json, "f", "t"}}) ==
        R"({"payload":{"a":"b@example.com"}}{"payload":{"a":"agent-1"}})"
        R"({"payload":{"a":"[person-1]"}})");
}

TEST_CASE("the same person has the same label in columns, texts, JSON and arrays") {
  Messages messages;
  messages.add("cc", ValueKind::text, party("person", "", "email"));
  messages.add("body", ValueKind::text, party("person", "", "", true));
  messages.add("everyone", ValueKind::json, party("person", "", "email"));
  auto& payload = messages.add("payload", ValueKind::json);
  messages.add_json(payload, "$.from.email", party("person", "", "email"));
  messages.add_json(payload, "$.quoted[*]", party("person", "", "", true));
  auto& raw = messages.add("raw", ValueKind::json);
  raw.encoding = Encoding::json;
  messages.add_json(raw, "$.to", party("person", "", "email"));
  CHECK(messages.json({{"Brook@Example.com", "write to \"brook@example.com\"\nor Ada@Example.com",
                        R"(["ada@example.com",  "brook@EXAMPLE.com", null])",
                        R"({"from": {"email": "brook@example.com", "n": 1.10},
"quoted": ["hi\u0021 <brook@example.com>", "Ada@example.com é"]})",
                        R"("{\"to\": \"brook@example.com\", \"n\": 18446744073709551616}")"}}) ==
        R"({"cc":"person-1","body":"write to \"[person-1]\"\nor Ada@Example.com",)"
        R"("everyone":["ada@example.com",  "person-1", null],)"
        R"("payload":{"from": {"email": "person-1", "n": 1.10},
"quoted": ["hi\u0021 <[person-1]>", "Ada@example.com é"]},)"
        R"("raw":"{\"to\": \"person-1\", \"n\": 18446744073709551616}"})");
  CHECK(messages.redactor.labels().people().at("person") == 1);
}

TEST_CASE("texts stay byte for byte but for the addresses") {
  Messages messages;
  messages.add("body", ValueKind::text, party("person", "", "", true));
  CHECK(messages.value("a\t😀 \\ \"x\" 1.10 no address") == R"("a\t😀 \\ \"x\" 1.10 no address")");
  CHECK(messages.value(
            "b@example.com, c@example.com, b@example.com, +44 7700 900 123, +4477009001") ==
        R"("[person-1], [person-2], [person-1], +44 7700 900 123, [person-3]")");
  CHECK(messages.log().third_party == 1);
  CHECK(messages.log().labels == 3);
}

TEST_CASE("what is in JSON with rules about it is found however it is written") {
  Messages messages;
  auto& rule = messages.add("payload", ValueKind::json);
  messages.add_json(rule, "$.agents[*].id", party("agent", "agents", ""));
  messages.add_json(rule, "$.people", party("person", "visitors", "email", true));
  messages.add_json(rule, "$.*.token", std::nullopt);
  CHECK(messages.value(R"({"agents":[{"id":5},{"id":"5"},{"id":7},{"id":null}],"n":1.10})") ==
        R"({"agents":[{"id":"agent-1"},{"id":"agent-1"},{"id":7},{"id":null}],"n":1.10})");
  CHECK(messages.value(R"({"agents":{"id":6,"id":6}})") ==
        R"({"agents":{"id":"agent-2","id":"agent-2"}})");
  CHECK(messages.value(R"({"people":[42,44,"Ada\u0040example.com","b\u0040example.com",true]})") ==
        R"({"people":[42,"person-1","Ada\u0040example.com","person-2",true]})");
  CHECK(
      messages.value(R"({"people":{"b@example.com":"I said \u201chi\u201d to b@example.com"}})") ==
      R"({"people":{"[person-2]":"I said \u201chi\u201d to [person-2]"}})");
  CHECK(messages.value(R"({"a":{"token":"x","b":[1]},"c":[{"d":1,"token":{"e":"b@x.test"}}]})") ==
        R"({"a":{"b":[1]},"c":[{"d":1}]})");
  CHECK(messages.log("$.agents[*].id").third_party == 2);
  CHECK(messages.log("$.agents[*].id").labels == 2);
  CHECK(messages.log("$.people").third_party == 2);
  CHECK(messages.log("$.people").labels == 2);
  CHECK(messages.log("$.*.token").secrets == 2);
  CHECK(messages.log().third_party == 0);
}

TEST_CASE("the more definite of several rules decides") {
  Messages messages;
  auto& rule = messages.add("payload", ValueKind::json, party("anyone", "", "", true));
  messages.add_json(rule, "$.*", party("person", "visitors", ""));
  messages.add_json(rule, "$.email", party("person", "", "email"));
  messages.add_json(rule, "$.note.text", party("note", "", "", true));
  CHECK(
      messages.value(R"({"email":"ada@example.com","id":42,"other":44,"list":["x@y.example"]})") ==
      R"({"email":"ada@example.com","id":42,"other":"person-1","list":["person-2"]})");
  CHECK(messages.value(R"(["c@example.com", {"note": {"text": 1}}])") ==
        R"(["[anyone-1]", {"note": {"text": "person-3"}}])");
}

TEST_CASE("a column's own rule applies to all of its JSON, in the rows where it applies") {
  Messages messages;
  auto& rule = messages.add_when("tags", ValueKind::json, party("person", "", "email"));
  messages.add_json(rule, "$[*].token", std::nullopt);
  CHECK(messages.json({{R"(["b@example.com"])", "f"},
                       {R"(["b@example.com", {"token": 1}])", "t"},
                       {R"([{"token": 1}])", "f"}}) ==
        R"({"tags":["b@example.com"]}{"tags":["person-1", {}]}{"tags":[{}]})");
}

TEST_CASE("a text that is JSON is rewritten as JSON and stays a text") {
  Messages messages;
  auto& rule = messages.add("changes", ValueKind::text, party("person", "", "", true));
  rule.encoding = Encoding::json;
  messages.add_json(rule, "$.token", std::nullopt);
  CHECK(messages.value(R"({"token":"x", "by":"b\u0040example.com"})") ==
        R"("{ \"by\":\"[person-1]\"}")");
  CHECK(messages.value("") == "\"\"");
  CHECK(messages.value(" \n") == R"(" \n")");
  CHECK(messages.value(std::nullopt) == "null");
}

TEST_CASE("a string that is JSON itself is unwrapped, and what is no string is read as it is") {
  Messages messages;
  auto& rule = messages.add("raw", ValueKind::json);
  rule.encoding = Encoding::json;
  messages.add_json(rule, "$.token", std::nullopt);
  CHECK(messages.value(R"( "{\"token\":\"\\u0041\",\"n\":1.10}" )") == R"( "{\"n\":1.10}" )");
  CHECK(messages.value(R"({"token":1,"n":1.10})") == R"({"n":1.10})");
  CHECK(messages.value(R"("{\"n\": \"\\u0041\"}")") == R"("{\"n\": \"\\u0041\"}")");
  CHECK(messages.value(R"("")") == R"("")");
  CHECK(messages.log("$.token").secrets == 2);
}

TEST_CASE("what should be JSON and is not is withheld whole, and nothing else is said of it") {
  Messages messages;
  auto& rule = messages.add("changes", ValueKind::text);
  rule.encoding = Encoding::json;
  messages.add_json(rule, "$.token", std::nullopt);
  messages.add_json(rule, "$.by", party("person", "", "email"));
  const std::string deep = std::string(600, '[') + std::string(600, ']');
  for (const std::string text : {"{\"by\":\"b@example.com\",\"token\":\"x\"", "token: x",
                                 "{\"token\":\"x\"} {}", "x", deep.c_str()}) {
    CAPTURE(text);
    CHECK(messages.value(text) == "\"[withheld]\"");
  }
  CHECK(messages.log().withheld == 5);
  CHECK(messages.log("$.token").secrets == 0);
  CHECK(messages.log("$.by").third_party == 0);
}

TEST_CASE("JSON in a string that cannot be read is withheld as a string") {
  Messages messages;
  auto& rule = messages.add("raw", ValueKind::json);
  rule.encoding = Encoding::json;
  messages.add_json(rule, "$.token", std::nullopt);
  CHECK(messages.value(R"("token: x")") == "\"[withheld]\"");
  CHECK(messages.value(R"("\ud800")") == "\"[withheld]\"");
  CHECK(messages.value("\"") == "\"[withheld]\"");
  CHECK(messages.log().withheld == 3);
}

TEST_CASE("JSON without rules that take reading it is not looked at") {
  Messages messages;
  auto& rule = messages.add("payload", ValueKind::text);
  rule.encoding = Encoding::json;
  rule.json.emplace_back().path = "$.address";
  CHECK(messages.value("no json") == "\"no json\"");
}

TEST_CASE("bytes are named by the entry that holds them, counted as they come") {
  Messages messages;
  messages.add("id", ValueKind::number);
  messages.add("content", ValueKind::number);
  messages.selection.columns.back().bytes = true;
  CHECK(messages.json({{"1", "204"}, {"2", std::nullopt}, {"3", "0"}}) ==
        R"({"id":1,"content":{"file":"files/messages/content-000001.bin","bytes":204}})"
        R"({"id":2,"content":null})"
        R"({"id":3,"content":{"file":"files/messages/content-000002.bin","bytes":0}})");
  CHECK(messages.open({})->columns()[1].kind == ValueKind::json);
}

TEST_CASE("bytes that say who somebody else is are withheld") {
  Messages messages;
  messages.add("raw", ValueKind::number, party("person", "", "", true));
  CHECK_FALSE(dsar::formats::bytes_are_withheld(messages.selection.columns.back()));
  messages.selection.columns.back().bytes = true;
  CHECK(dsar::formats::bytes_are_withheld(messages.selection.columns.back()));
  CHECK(messages.json({{"204"}, {std::nullopt}}) == R"({"raw":"[withheld]"}{"raw":null})");
  CHECK(messages.log().withheld == 1);
}

TEST_CASE("lists of addresses are redacted one by one, in JSON too") {
  Messages messages;
  messages.add("to", ValueKind::text, party("person", "", "email"));
  messages.add("cc", ValueKind::json, party("person", "", "email"));
  CHECK(messages.json(
            {{"b@example.com, ada@example.com",
              R"(["\"Ada, L\" <ada@example.com>;\tB <b@example.com>", "c@example.com"])"}}) ==
        R"({"to":"[person-1], ada@example.com",)"
        R"("cc":["\"Ada, L\" <ada@example.com>;\t[person-1]", "person-2"]})");
  CHECK(messages.log().third_party == 1);
  CHECK(messages.log().labels == 2);
}

TEST_CASE("labels with quotes in them keep rows and JSON valid") {
  Messages messages;
  messages.add("a", ValueKind::number, party("\"x\"\n", "visitors", ""));
  messages.add("b", ValueKind::json, party("\"x\"\n", "", "", true));
  CHECK(messages.json({{"1", R"(["b@example.com"])"}}) ==
        R"({"a":"\"x\"\n-1","b":["[\"x\"\n-2]"]})");
}

TEST_CASE("a path that cannot be read is the map's fault") {
  Messages messages;
  auto& rule = messages.add("payload", ValueKind::json);
  messages.add_json(rule, "$..token", std::nullopt);
  CHECK_THROWS_AS(messages.open({}), dsar::Error);
}
