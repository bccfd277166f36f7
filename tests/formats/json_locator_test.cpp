#include "formats/json_locator.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace dsar;
using namespace dsar::formats;

namespace {

std::string only_fault(std::string_view text) {
  const JsonDocument document = read_json(text, "f");
  return document.faults.size() == 1 ? document.faults.front().text()
                                     : std::to_string(document.faults.size()) + " faults";
}

}  // namespace

TEST_CASE("every value knows where it begins") {
  const JsonDocument document = read_json(
      "{\n  \"a\": 12,\n  \"b/c\": [true,\n    {\"~\": null}, -1.50\n  ],\n \"é\": \"x\\\"\\n\"}",
      "f");
  REQUIRE(document.readable);
  CHECK(document.faults.empty());
  const JsonValue& root = document.root;
  REQUIRE_EQ(root.members.size(), 3);
  CHECK_EQ(root.members[0].position.line, 2);
  CHECK_EQ(root.members[0].position.column, 3);
  CHECK_EQ(root.members[0].value.position.column, 8);
  CHECK_EQ(root.members[0].value.integer, 12);
  const JsonValue& list = root.members[1].value;
  REQUIRE_EQ(list.items.size(), 3);
  CHECK(list.items[0].boolean);
  CHECK_EQ(list.items[0].position.line, 3);
  CHECK_EQ(list.items[0].position.column, 11);
  CHECK_EQ(list.items[1].position.line, 4);
  CHECK_EQ(list.items[2].text, "-1.50");
  CHECK_EQ(list.items[2].position.column, 18);
  CHECK_EQ(root.members[2].position.line, 6);
  CHECK_EQ(root.members[2].value.text, "x\"\n");
  CHECK_EQ(root.members[2].value.position.column, 7);  // é is one character
}

TEST_CASE("a pointer leads to its line, or to the nearest that exists") {
  const JsonDocument document = read_json("{\n\"a/b\":\n[1,\n{\"~\":\n2}]}", "f");
  CHECK_EQ(document.locate("").line, 1);
  CHECK_EQ(document.locate("/a~1b").line, 2);
  CHECK_EQ(document.locate("/a~1b/0").line, 3);
  CHECK_EQ(document.locate("/a~1b/1/~0").line, 4);
  CHECK_EQ(document.locate("/a~1b/1/missing/deeper").line, 4);
  CHECK_EQ(document.locate("/a~1b/7").line, 2);
  CHECK_EQ(document.locate("/a~1b/x").line, 2);
  CHECK_EQ(document.locate("/nothing").line, 1);
  CHECK_EQ(document.locate("/a~1b/1/~0").pointer, "/a~1b/1/~0");
}

TEST_CASE("a key that occurs twice is reported with both lines and the first value counts") {
  const JsonDocument document =
      read_json("{\"a\": 1,\n \"b\": {\"c\": 1,\n \"c\": {\"d\": 1, \"d\": 2}}}", "f");
  CHECK(document.readable);
  REQUIRE_EQ(document.faults.size(), 2);
  CHECK_EQ(document.faults[0].text(),
           "f:3: /b/c: key 'c' occurs twice in one object, first in line 2");
  CHECK_EQ(document.faults[1].text(),
           "f:3: /b/c/d: key 'd' occurs twice in one object, first in line 3");
  REQUIRE_EQ(document.root.members.size(), 2);
  CHECK_EQ(document.root.members[1].value.members.at(0).value.integer, 1);
}

TEST_CASE("text that is no JSON is refused at its place") {
  CHECK_EQ(only_fault("{\"a\": 1,\n}"),
           "f:2:1: no valid JSON: unexpected '}'; expected string literal");
  CHECK_EQ(only_fault("{\"a\" 1}"),
           "f:1:6: no valid JSON: unexpected number literal; expected ':'");
  CHECK_EQ(only_fault("[1 2]"), "f:1:4: no valid JSON: unexpected number literal; expected ']'");
  CHECK_EQ(only_fault("[1,"),
           "f:1:4: no valid JSON: unexpected end of input; expected '[', '{', or a literal");
  CHECK_EQ(only_fault(""),
           "f:1:1: no valid JSON: unexpected end of input; expected '[', '{', or a literal");
  CHECK_EQ(only_fault("{} x"), "f:1:4: no valid JSON: invalid literal; expected end of input");
  CHECK_EQ(only_fault("[\n  \"a\xFF\"]"),
           "f:2:5: no valid JSON: invalid string: ill-formed UTF-8 byte");
  CHECK(only_fault("[\"a\n\"]").find("invalid string: control character") != std::string::npos);
  CHECK(only_fault("[\"a").find("invalid string: missing closing quote") != std::string::npos);
  CHECK(only_fault("// x\n{}").find("invalid literal") != std::string::npos);
  CHECK_EQ(only_fault("[01]"), "f:1:2: no valid JSON: unexpected number literal; expected ']'");
}

TEST_CASE("numbers keep what they say") {
  const JsonDocument document =
      read_json("[9223372036854775807, 18446744073709551615, 1e3, -9223372036854775808]", "f");
  REQUIRE(document.readable);
  using Kind = JsonValue::Kind;
  CHECK_EQ(document.root.items[0].integer, 9223372036854775807);
  CHECK(document.root.items[1].kind == Kind::decimal);
  CHECK_EQ(document.root.items[1].text, "18446744073709551615");
  CHECK_EQ(document.root.items[2].text, "1e3");
  CHECK(document.root.items[3].kind == Kind::integer);
}

TEST_CASE("depth and size have limits") {
  const std::string open(json_depth_limit, '[');
  const std::string close(json_depth_limit, ']');
  CHECK(read_json(open + close, "f").readable);
  const JsonDocument deep = read_json("[" + open + close + "]", "f");
  CHECK_FALSE(deep.readable);
  CHECK_EQ(deep.faults.at(0).text(), "f:1:65: nested more than 64 levels deep");
  const JsonDocument large = read_json(std::string(json_size_limit + 1, ' '), "f");
  CHECK_FALSE(large.readable);
  CHECK_EQ(large.faults.at(0).text(), "f: larger than 16 MiB, the most that is read");
}

TEST_CASE("a file that cannot be read says why") {
  CHECK_THROWS_WITH_AS(read_json_file("/nonexistent/map.json"),
                       "cannot read /nonexistent/map.json: No such file or directory", Error);
  const auto path = std::filesystem::temp_directory_path() / "dsarctl-json-locator-test.json";
  std::ofstream(path) << "{\"a\": 1}";
  CHECK(read_json_file(path).root.find("a") != nullptr);
  std::filesystem::remove(path);
}
