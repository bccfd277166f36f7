#include "core/json_path.hpp"

#include <doctest/doctest.h>

#include <string>

#include "core/error.hpp"
#include "core/json_string.hpp"

using dsar::decode_json_string;
using dsar::JsonStep;
using dsar::parse_json_path;

namespace {

std::string steps(std::string_view path) {
  std::string text;
  for (const auto& step : parse_json_path(path)) {
    switch (step.kind) {
      case JsonStep::Kind::member:
        text += "<" + step.name + ">";
        break;
      case JsonStep::Kind::any_member:
        text += "{*}";
        break;
      case JsonStep::Kind::element:
        text += "[" + std::to_string(step.index) + "]";
        break;
      case JsonStep::Kind::any_element:
        text += "[*]";
        break;
    }
  }
  return text;
}

std::string decoded(std::string_view content) {
  std::string text;
  return decode_json_string(content, text) ? text : "no text";
}

}  // namespace

TEST_CASE("paths of every form are read") {
  CHECK(steps("$").empty());
  CHECK(steps("$.a.b") == "<a><b>");
  CHECK(steps("$.items[*].name") == "<items>[*]<name>");
  CHECK(steps("$.*") == "{*}");
  CHECK(steps("$[*]") == "[*]");
  CHECK(steps("$['odd key'][\"it's\"].\"a.b\"") == "<odd key><it's><a.b>");
  CHECK(steps(R"($['it\'s']['\u00e9\\'])") == "<it's><é\\>");
  CHECK(steps(R"($['say "hi"'])") == "<say \"hi\">");
  CHECK(steps("$.first-name.größe.x_1") == "<first-name><größe><x_1>");
  CHECK(steps("$.*[*].*") == "{*}[*]{*}");
  CHECK(steps("$[0].a[12]") == "[0]<a>[12]");
  CHECK(steps("$['']") == "<>");
}

TEST_CASE("what the map's paths have not is refused by name") {
  for (const auto* path : {"",
                           "a",
                           " $.a",
                           "$a",
                           "$.",
                           "$..a",
                           "$.a..b",
                           "$[-1]",
                           "$[1.5]",
                           "$[99999999999999999999]",
                           "$[0 to 2]",
                           "$[last]",
                           "$[",
                           "$[*",
                           "$['a'",
                           "$['a]",
                           "$.a b",
                           "$.a ",
                           "$.a?(@ > 1)",
                           "$.size()",
                           "$.**",
                           "$.a*",
                           "$.'a'",
                           "$.\"a",
                           R"($['\q'])",
                           R"($['\ud800'])",
                           "strict $.a",
                           "$.a]",
                           "$[a]",
                           "$['a\\"}) {
    CAPTURE(path);
    try {
      parse_json_path(path);
      FAIL("was read");
    } catch (const dsar::Error& error) {
      CHECK(error.code() == dsar::ExitCode::usage);
      CHECK(std::string(error.what()).starts_with("json path '" + std::string(path) + "' "));
      CHECK_FALSE(error.hint().empty());
    }
  }
}

TEST_CASE("escapes of JSON strings are undone") {
  CHECK(decoded("") == "");
  CHECK(decoded("plain é 😀") == "plain é 😀");
  CHECK(decoded(R"(\"\\\/\b\f\n\r\t)") == "\"\\/\b\f\n\r\t");
  CHECK(decoded(R"(\u0041\u00e9\u20AC\ud83d\ude00)") == "Aé€😀");
  CHECK(decoded(R"(a\u0000b)") == std::string("a\0b", 3));
}

TEST_CASE("half a surrogate pair and unknown escapes are no text") {
  for (const auto* content : {R"(\ud83d)", R"(\ude00)", R"(\ud83dx)", R"(\ud83d\u0041)", R"(\q)",
                              R"(\u12)", R"(\u12g4)", R"(\u-123)", "\\", R"(\ud83d\)"}) {
    CAPTURE(content);
    CHECK(decoded(content) == "no text");
  }
}
