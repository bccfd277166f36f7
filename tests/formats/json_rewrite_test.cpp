#include "formats/json_rewrite.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

using dsar::parse_json_path;
using dsar::formats::JsonEditor;
using dsar::formats::JsonOutcome;
using dsar::formats::JsonRewriter;
using dsar::formats::JsonRule;

namespace {

/// Replaces whatever it is asked about by the rule's number, and remembers what that was.
class Recorder final : public JsonEditor {
 public:
  std::vector<std::string> seen;
  std::vector<std::size_t> passes;  ///< rules that leave it to others
  std::vector<std::size_t> keeps;   ///< rules that keep what they are asked about
  std::size_t dropped_values = 0;

  Answer edit(std::size_t rule, const Leaf& leaf, std::string& out) override {
    const auto has = [rule](const auto& rules) {
      return std::find(rules.begin(), rules.end(), rule) != rules.end();
    };
    if (has(passes)) return Answer::pass;
    seen.push_back(std::string(leaf.raw) + (leaf.is_key ? ":" : ""));
    if (has(keeps) || leaf.is_key) return Answer::keep;
    out += std::to_string(rule);
    return Answer::replace;
  }
  void dropped(std::size_t) override { ++dropped_values; }
};

struct Rewrite {
  Recorder recorder;
  std::vector<JsonRule> rules;

  explicit Rewrite(const std::vector<std::string>& paths,
                   const std::vector<std::string>& drops = {}) {
    for (const auto& path : paths) rules.push_back({parse_json_path(path), false});
    for (const auto& path : drops) rules.push_back({parse_json_path(path), true});
  }

  std::string operator()(std::string_view json) {
    std::string out;
    switch (JsonRewriter(rules).rewrite(json, recorder, out)) {
      case JsonOutcome::unchanged:
        return std::string(json);
      case JsonOutcome::rewritten:
        return out;
      case JsonOutcome::unreadable:
        break;
    }
    return "unreadable";
  }
};

std::string nested(std::size_t depth, const std::string& inner) {
  return std::string(depth, '[') + inner + std::string(depth, ']');
}

}  // namespace

TEST_CASE("values at paths are replaced and every other byte stays") {
  CHECK(Rewrite({"$.a.b"})(R"({ "a" : { "b" : "x" , "c":1.10 } ,"b":2})") ==
        R"({ "a" : { "b" : 0 , "c":1.10 } ,"b":2})");
  CHECK(
      Rewrite({"$.items[*].name"})("{\"items\":[{\"name\":\"x\"},\n {\"n\":1},{\"name\":null}]}") ==
      "{\"items\":[{\"name\":0},\n {\"n\":1},{\"name\":0}]}");
  CHECK(Rewrite({"$.*"})(R"({"a":1,"b":"2"})") == R"({"a":0,"b":0})");
  CHECK(Rewrite({"$[*]"})("[ 1, 2 ]") == "[ 0, 0 ]");
  CHECK(Rewrite({"$[1].a", "$[0][0]"})(R"([1,{"a":1},[[1]],{"a":1}])") ==
        R"([1,{"a":0},[[1]],{"a":1}])");
  CHECK(Rewrite({"$['odd key']"})(R"({"odd key":1,"odd":2})") == R"({"odd key":0,"odd":2})");
  CHECK(Rewrite({"$"})(" \"x\" ") == " 0 ");
}

TEST_CASE("digits, escapes, blanks and duplicate keys stay") {
  const std::string json =
      "\t{\"n\":18446744073709551616, \"m\":1.10,\"e\":-1E+5,\"u\":\"\\u00e9\\/\",\n"
      "\"x\":{},\"x\":[ ],\"x\":true , \"\":null,\"😀\":false}\r\n";
  CHECK(Rewrite({})(json) == json);
  CHECK(Rewrite({"$.none", "$.x.y", "$[*].z"}, {"$.gone"})(json) == json);
  Rewrite kept({"$"});
  kept.recorder.keeps = {0};
  CHECK(kept(json) == json);
  CHECK(kept.recorder.seen.size() == 16);
  CHECK(Rewrite({"$.a"})(R"({"a":1,"a":2})") == R"({"a":0,"a":0})");
}

TEST_CASE("keys are compared with their escapes undone") {
  CHECK(Rewrite({"$.email"})(R"({"\u0065mail":1,"email\u0000":2})") ==
        R"({"\u0065mail":0,"email\u0000":2})");
  CHECK(Rewrite({"$['a\"b']"})(R"({"a\"b":1})") == R"({"a\"b":0})");
  CHECK(Rewrite({"$.a"})(R"({"\ud800":1,"a":2})") == R"({"\ud800":1,"a":0})");
}

TEST_CASE("a rule that leads to a tree is asked about every scalar and key in it") {
  Rewrite rewrite({"$.a"});
  CHECK(rewrite(R"({"a":[1,{"k":"v","t":true},[null]],"b":2})") ==
        R"({"a":[0,{"k":0,"t":0},[0]],"b":2})");
  CHECK(rewrite.recorder.seen ==
        std::vector<std::string>{"1", "\"k\":", "\"v\"", "\"t\":", "true", "null"});
}

TEST_CASE("where several rules lead to a value the first that does not pass decides") {
  Rewrite rewrite({"$.a.b", "$.a", "$"});
  CHECK(rewrite(R"({"a":{"b":9,"c":9},"d":9})") == R"({"a":{"b":0,"c":1},"d":2})");
  rewrite.recorder.passes = {0, 2};
  CHECK(rewrite(R"({"a":{"b":9,"c":9},"d":9})") == R"({"a":{"b":1,"c":1},"d":9})");
}

TEST_CASE("what is not quite of the expected shape is found too") {
  CHECK(Rewrite({"$.a.b"})(R"({"a":[{"b":1},[{"b":1}]]})") == R"({"a":[{"b":0},[{"b":0}]]})");
  CHECK(Rewrite({"$.a[*].b"})(R"({"a":{"b":1}})") == R"({"a":{"b":0}})");
  CHECK(Rewrite({"$[*][*]"})("1") == "0");
  CHECK(Rewrite({"$.a[0]"})(R"({"a":1})") == R"({"a":0})");
  CHECK(Rewrite({"$.a[1]"})(R"({"a":1})") == R"({"a":1})");
  CHECK(Rewrite({"$.*"})(R"([{"a":1}])") == R"([{"a":0}])");
  CHECK(Rewrite({"$.a"})("[1,\"a\"]") == "[1,\"a\"]");
}

TEST_CASE("members are left out with their comma, elements become null") {
  for (const auto& rewritten : std::vector<std::pair<std::string, std::string>>{
           {R"({"t":1})", "{}"},
           {R"({ "t" : 1 })", "{ }"},
           {R"({"t":1,"a":2})", R"({"a":2})"},
           {R"({ "t":1 , "a":2 })", R"({  "a":2 })"},
           {R"({"a":2,"t":1})", R"({"a":2})"},
           {R"({"a":2 , "t":{"t":[1]} , "b":3})", R"({"a":2  , "b":3})"},
           {R"({"t":1,"t":2,"a":3,"t":4})", R"({"a":3})"},
           {R"({"t":1,"t":2})", "{}"},
           {R"([{"t":1},{"a":1}])", R"([{},{"a":1}])"},
       }) {
    const auto& json = rewritten.first;
    CAPTURE(json);
    CHECK(Rewrite({}, {"$.t"})(json) == rewritten.second);
  }
  CHECK(Rewrite({}, {"$.l[*]"})(R"({"l":[1, [2],{"a":3}]})") == R"({"l":[null, null,null]})");
  CHECK(Rewrite({}, {"$"})(R"( {"a":1} )") == " null ");
}

TEST_CASE("nothing inside what is left out is asked about, or counted again") {
  Rewrite rewrite({"$"}, {"$.t", "$.*.u", "$.t"});
  CHECK(rewrite(R"({"a":1,"t":{"u":"secret","l":["x"]},"b":{"u":1,"c":2}})") ==
        R"({"a":0,"b":{"c":0}})");
  CHECK(rewrite.recorder.dropped_values == 2);
  CHECK(rewrite.recorder.seen ==
        std::vector<std::string>{"\"a\":", "1", "\"t\":", "\"b\":", "\"u\":", "\"c\":", "2"});
}

TEST_CASE("what is no JSON is unreadable, wherever the rules lead") {
  const std::vector<std::string> texts = {"",
                                          " ",
                                          "x",
                                          "{",
                                          "}",
                                          "[",
                                          "[1",
                                          "[1,",
                                          "[1,]",
                                          "[,1]",
                                          "{\"a\"}",
                                          "{\"a\":}",
                                          "{\"a\":1,}",
                                          "{,\"a\":1}",
                                          "{a:1}",
                                          "{'a':1}",
                                          "{\"a\":1 \"b\":2}",
                                          "[1 2]",
                                          "1 2",
                                          "01",
                                          "1.",
                                          ".5",
                                          "+1",
                                          "-",
                                          "1e",
                                          "tru",
                                          "nulll",
                                          "True",
                                          "NaN",
                                          "\"",
                                          "\"\\q\"",
                                          "\"\\u12\"",
                                          "\"\\u12g4\"",
                                          "\"a\nb\"",
                                          "\"\\",
                                          "{\"t\":x}",
                                          "[1]]",
                                          "{\"a\":1}}"};
  for (const auto& json : texts) {
    CAPTURE(json);
    CHECK(Rewrite({})(json) == "unreadable");
    CHECK(Rewrite({"$.a", "$[*]"}, {"$.t"})(json) == "unreadable");
    CHECK_FALSE(nlohmann::json::accept(json));
  }
  CHECK(Rewrite({})("\xef\xbb\xbf{}") == "unreadable");
  CHECK(Rewrite({})(std::string("1\0", 2)) == "unreadable");
  CHECK(Rewrite({})(std::string("\0", 1)) == "unreadable");
}

TEST_CASE("nesting is read to 512 and then unreadable") {
  CHECK(Rewrite({"$"})(nested(512, "1")) == nested(512, "0"));
  CHECK(Rewrite({"$"})(nested(513, "1")) == "unreadable");
  CHECK(Rewrite({})(std::string(1'000'000, '[')) == "unreadable");
}

TEST_CASE("a rewriter serves one text after the other, also after an unreadable one") {
  Recorder recorder;
  std::string out;
  JsonRewriter rewriter({{parse_json_path("$.a"), false}, {parse_json_path("$.t"), true}});
  CHECK(rewriter.rewrite(R"({"a":[1)", recorder, out) == JsonOutcome::unreadable);
  CHECK(rewriter.rewrite(R"({"t":[1)", recorder, out) == JsonOutcome::unreadable);
  CHECK(rewriter.rewrite(R"({"b":1})", recorder, out) == JsonOutcome::unchanged);
  CHECK(rewriter.rewrite(R"({"b":1,"a":2})", recorder, out) == JsonOutcome::rewritten);
  CHECK(out == R"({"b":1,"a":0})");
}
