#include "formats/redactions_json.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/formats/json_schema.hpp"
#include "tests/redaction_map.hpp"

using nlohmann::json;

namespace {

const dsar::DataMap map = dsar::test::redaction_map();

std::vector<std::string> faults(const json& document) {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  return dsar::test::JsonSchema((root / "formats/schemas/redactions.schema.json").string())
      .faults(document);
}

/// A package from which something was taken in every way there is.
json full() {
  dsar::Redactor redactor(map, dsar::test::adas_keys(), dsar::test::adas_identities());
  const auto agent = redactor.prepare({"agent", "agents", "", false, {}});
  auto& sender = redactor.log().column("messages", "sender_id");
  for (const auto* key : {"1", "2", "1"}) {
    ++sender.third_party;
    sender.meet(redactor.whole(agent, key).label.id);
  }
  auto& place = redactor.log().column("messages", "payload", "$.\"agent\".email");
  ++place.third_party;
  place.meet(redactor.whole(agent, "2").label.id);
  redactor.log().column("messages", "payload", "$.token").secrets = 4;
  redactor.log().column("messages", "payload").withheld = 1;
  redactor.log().column("messages", "untouched");
  dsar::SetSelection messages;
  messages.set = dsar::find_set(map, "messages");
  messages.secrets = {{"messages.password_hash", "a secret, such as a password hash"}};
  messages.unclassified = {{"messages.x", "the map does not say what it holds"}};
  dsar::SetSelection visitors;
  visitors.set = dsar::find_set(map, "visitors");
  visitors.cannot_see = {{"visitors", "row-level \"security\""}, {"visitors.ip", "no privilege"}};
  return json::parse(dsar::formats::redactions_json({messages, visitors}, redactor));
}

}  // namespace

TEST_CASE("redactions say what was taken from where, how often and why") {
  const auto document = full();
  CHECK(document["third_parties"][0]["column"] == "messages.sender_id");
  CHECK(document["third_parties"][0]["values"] == 3);
  CHECK(document["third_parties"][0]["labels"] == 2);
  CHECK(document["third_parties"][0]["reason"].get<std::string>().find("Art. 15(4) GDPR") !=
        std::string::npos);
  CHECK_FALSE(document["third_parties"][0].contains("path"));
  CHECK(document["third_parties"][1]["path"] == "$.\"agent\".email");
  CHECK(document["third_parties"][1]["labels"] == 1);
  CHECK(document["third_parties"].size() == 2);
  CHECK(document["labels"] == json::parse(R"([{"label":"agent","people":2}])"));
  CHECK(document["withheld"][0]["column"] == "messages.payload");
  CHECK(document["withheld"][0]["values"] == 1);
  CHECK(document["withheld"][0]["shown_as"] == "[withheld]");
  CHECK(document["secrets"] ==
        json::parse(R"([{"column":"messages.password_hash",)"
                    R"("reason":"a secret, such as a password hash"},)"
                    R"({"column":"messages.payload","path":"$.token","values":4,)"
                    R"("reason":"a secret inside JSON, such as a token"}])"));
  CHECK(document["unclassified"][0]["column"] == "messages.x");
  CHECK(document["cannot_see"] ==
        json::parse(R"([{"what":"visitors","reason":"row-level \"security\""},)"
                    R"({"what":"visitors.ip","reason":"no privilege"}])"));
}

TEST_CASE("redactions keep to their schema") {
  CHECK(faults(full()).empty());
}

TEST_CASE("a package from which nothing was taken has lists without items") {
  dsar::Redactor redactor(map, {}, {});
  CHECK(dsar::formats::redactions_json({}, redactor) ==
        "{\n  \"schema\": \"dsarctl-redactions\",\n  \"version\": 1,\n  \"third_parties\": [],\n"
        "  \"labels\": [],\n  \"withheld\": [],\n  \"secrets\": [],\n  \"unclassified\": [],\n"
        "  \"cannot_see\": []\n}\n");
  CHECK(faults(json::parse(dsar::formats::redactions_json({}, redactor))).empty());
}

TEST_CASE("the schema of redactions refuses what they never say") {
  auto document = full();
  document["third_parties"][0]["value"] = "brook@example.com";
  document["withheld"][0].erase("reason");
  document["labels"][0]["people"] = 0;
  document["secrets"][0]["column"] = "no_dot";
  document["version"] = 2;
  CHECK(faults(document).size() == 5);
}
