#include "formats/replaced_json.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "formats/corrections_file.hpp"

using namespace dsar;
using namespace dsar::formats;

TEST_CASE("a value is replaced at its path, and every other byte stays") {
  const auto out = replaced_json(
      R"({"from": {"address": "a@x.org"},  "note": "a@x.org", "n": 1.10, "from": {"address":"\u0061@x.org"}})",
      {parse_json_path("$.from.address")}, {"a@x.org"}, "b\"@y.org");
  CHECK(
      out ==
      R"({"from": {"address": "b\"@y.org"},  "note": "a@x.org", "n": 1.10, "from": {"address":"b\"@y.org"}})");
}

TEST_CASE("without a path it is replaced wherever it is the whole value, but never as a key") {
  const auto out = replaced_json(R"({"a": ["a", "ab", {"a": "A"}]})", {}, {"a", "A"}, "z");
  CHECK(out == R"({"a": ["z", "ab", {"a": "z"}]})");
}

TEST_CASE("a number stays a number where the new value is one") {
  CHECK(replaced_json("[447700900123]", {}, {"447700900123"}, "447700900999") == "[447700900999]");
  CHECK(replaced_json("[447700900123]", {}, {"447700900123"}, "+447700900999") ==
        R"(["+447700900999"])");
  CHECK(replaced_json("[7]", {}, {"7"}, "07") == R"(["07"])");
}

TEST_CASE("where nothing is replaced there is no new text") {
  CHECK_FALSE(replaced_json(R"({"a": "b"})", {}, {"c"}, "d"));
  CHECK_FALSE(replaced_json(R"({"a": )", {}, {"a"}, "d"));
}

TEST_CASE("a list of corrections is read, and faults never name a value") {
  const auto read = read_corrections(R"([{"category": "email", "old": "a", "new": "b=c"},
                           {"category": "user.name", "new": "d"}])",
                                     "standard input");
  REQUIRE(read.size() == 2);
  CHECK(read[0].old == "a");
  CHECK(read[0].value == "b=c");
  CHECK_FALSE(read[1].old);
  for (const auto* wrong :
       {"", "{}", "[]", R"([{"category": "email", "old": "secret"}])",
        R"([{"category": "email", "old": 7, "new": "secret"}])",
        R"([{"category": "email", "new": "secret", "more": 1}])", R"(["secret"])"}) {
    CAPTURE(wrong);
    try {
      read_corrections(wrong, "changes.json");
      FAIL("it was read");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::usage);
      CHECK(std::string(error.what()).find("secret") == std::string::npos);
    }
  }
}
