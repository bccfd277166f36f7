#include "formats/json_row.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using dsar::Column;
using dsar::Row;
using dsar::ValueKind;
using dsar::formats::append_json_string;
using dsar::formats::JsonRow;

namespace {

std::string value(ValueKind kind, std::string_view text) {
  std::string out;
  JsonRow({{"v", kind}}).append(out, {text});
  REQUIRE(out.starts_with("{\"v\":"));
  REQUIRE(out.ends_with("}"));
  return out.substr(5, out.size() - 6);
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("numbers keep the digits that the server wrote") {
  for (const char* number : {"0", "-0", "1.10", "18446744073709551616", "-9223372036854775808",
                             "1e+20", "1e-07", "1.5E300", "0.000"}) {
    CHECK(value(ValueKind::number, number) == number);
  }
}

TEST_CASE("what is not a JSON number becomes a string, so that the row stays valid") {
  for (const char* text : {"NaN", "Infinity", "-Infinity", "", "-", "1.", ".5", "01", "1e", "+1",
                           "0x10", "person 2"}) {
    CHECK(value(ValueKind::number, text) == '"' + std::string(text) + '"');
  }
}

TEST_CASE("booleans are true and false") {
  CHECK(value(ValueKind::boolean, "t") == "true");
  CHECK(value(ValueKind::boolean, "f") == "false");
  CHECK(value(ValueKind::boolean, "withheld") == "\"withheld\"");
}

TEST_CASE("timestamps become ISO 8601") {
  CHECK(value(ValueKind::timestamptz, "2026-03-31 12:00:00+00") == "\"2026-03-31T12:00:00+00:00\"");
  CHECK(value(ValueKind::timestamptz, "2026-03-31 12:00:00.123456-03") ==
        "\"2026-03-31T12:00:00.123456-03:00\"");
  CHECK(value(ValueKind::timestamptz, "2026-03-31 12:00:00+05:30") ==
        "\"2026-03-31T12:00:00+05:30\"");
  CHECK(value(ValueKind::timestamp, "2026-03-31 12:00:00") == "\"2026-03-31T12:00:00\"");
  CHECK(value(ValueKind::timestamp, "2026-03-31 12:00:00.5") == "\"2026-03-31T12:00:00.5\"");
}

TEST_CASE("timestamps that ISO 8601 cannot say stay as the server wrote them") {
  for (const char* text : {"infinity", "-infinity", "0044-03-15 00:00:00+00 BC",
                           "12026-03-31 12:00:00+00", "2026-03-31", ""}) {
    CHECK(value(ValueKind::timestamptz, text) == '"' + std::string(text) + '"');
  }
}

TEST_CASE("json is copied with its spaces and duplicate keys") {
  CHECK(value(ValueKind::json, "{\"a\":1,\n  \"a\": 1.10}") == "{\"a\":1,\n  \"a\": 1.10}");
}

TEST_CASE("bytea becomes base64") {
  CHECK(value(ValueKind::bytea, "\\x") == "\"\"");
  CHECK(value(ValueKind::bytea, "\\x66") == "\"Zg==\"");
  CHECK(value(ValueKind::bytea, "\\x666f") == "\"Zm8=\"");
  CHECK(value(ValueKind::bytea, "\\x666f6f") == "\"Zm9v\"");
  CHECK(value(ValueKind::bytea, "\\x666f6f62617200ff") == "\"Zm9vYmFyAP8=\"");
  CHECK(value(ValueKind::bytea, "\\x6g") == "\"\\\\x6g\"");
  CHECK(value(ValueKind::bytea, "withheld") == "\"withheld\"");
}

TEST_CASE("text comes back unchanged wherever in the string the escape stands") {
  for (int c = 0; c < 0x80; ++c) {
    for (std::size_t at = 0; at < 19; ++at) {
      std::string text = "nineteen plain byte";
      text[at] = static_cast<char>(c);
      const std::string json = json_string(text);
      CHECK(nlohmann::json::parse(json).get<std::string>() == text);
      CHECK(json.find_first_of(std::string("\n\r\t\0", 4)) == std::string::npos);
    }
  }
}

TEST_CASE("text beyond ASCII is copied byte by byte") {
  CHECK(json_string("Zoë 中文 😀 \x7f") == "\"Zoë 中文 😀 \x7f\"");
  CHECK(json_string("") == "\"\"");
  CHECK(json_string("'; DROP TABLE visitors; --\"\\") == "\"'; DROP TABLE visitors; --\\\"\\\\\"");
  CHECK(json_string("\x01\b\f\x1f") == "\"\\u0001\\u0008\\u000c\\u001f\"");
}

TEST_CASE("a row is one object with NULL as null and names escaped") {
  const JsonRow rows(
      {{"id", ValueKind::number}, {"a \"name\"", ValueKind::text}, {"at", ValueKind::timestamp}});
  std::string out = "before ";
  rows.append(out, {"1", "x", std::nullopt});
  CHECK(out == "before {\"id\":1,\"a \\\"name\\\"\":\"x\",\"at\":null}");
}

TEST_CASE("a row without columns is an empty object") {
  std::string out;
  JsonRow({}).append(out, {});
  CHECK(out == "{}");
}

TEST_CASE("a row of the wrong width is refused") {
  std::string out;
  CHECK_THROWS_AS(JsonRow({{"id", ValueKind::number}}).append(out, {}), std::logic_error);
}
