#include "formats/about_json.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/policies/builtin.hpp"
#include "tests/formats/json_schema.hpp"

namespace {

using nlohmann::json;
using namespace dsar;

json written(const char* policy, const AboutQuestion& question = {}) {
  return json::parse(formats::about_json(about(policy_named(policy), question)));
}

std::size_t nulls(const json& value) {
  if (value.is_null()) return 1;
  std::size_t count = 0;
  if (value.is_structured()) {
    for (const auto& [key, item] : value.items()) count += nulls(item);
  }
  return count;
}

bool lists(const json& document, const std::string& pointer) {
  const json& all = document.at("not_stated");
  return std::find(all.begin(), all.end(), json(pointer)) != all.end();
}

const std::string& schema_file() {
  static const std::string path =
      (std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() /
       "formats/schemas/about.schema.json")
          .string();
  return path;
}

std::vector<std::string> faults(const json& document) {
  static const test::JsonSchema schema(schema_file());
  return schema.faults(document);
}

/// The names of an enum, as the schema should list them.
template <typename E>
json names() {
  json list = json::array();
  for (const E value : all_values<E>()) list.push_back(std::string(to_string(value)));
  return list;
}

}  // namespace

TEST_CASE("about.json names its schema and the policy's edition") {
  const json document = written("omniops");
  CHECK(document.at("schema") == "dsarctl-about");
  CHECK(document.at("schema_version") == 1);
  CHECK(document.at("policy").at("id") == "omniops");
  CHECK(document.at("policy").at("documents").at(0).at("dated") == "2026-02-20");
  CHECK(document.at("operator").at("name") == "Omniops Ltd");
  CHECK(formats::about_json(about(policy_named("omniops"))).back() == '\n');
}

TEST_CASE("about.json has every part that Art. 15(1) asks for, in each policy") {
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    const json document = written(policy.id.c_str());
    for (const char* const part : {"purposes", "categories", "retention", "recipients", "rights",
                                   "complaints", "contacts"}) {
      CAPTURE(part);
      CHECK(document.at(part).is_array());
      CHECK_FALSE(document.at(part).empty());
    }
    for (const char* const part : {"solely_automated_decisions", "transfers", "response_time",
                                   "identification", "sells_data", "honours_do_not_track"}) {
      CAPTURE(part);
      CHECK(document.contains(part));
    }
  }
}

TEST_CASE("null means not stated, and every null is listed") {
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    const json document = written(policy.id.c_str(), {.california = true});
    CHECK(document.at("not_stated").size() == nulls(document));
    for (const json& pointer : document.at("not_stated")) {
      CHECK(document.at(json::json_pointer(pointer.get<std::string>())).is_null());
    }
  }
  CHECK(lists(written("dataops"), "/transfers"));
  CHECK(lists(written("operatorone"), "/response_time"));
  CHECK_FALSE(lists(written("web1on1"), "/response_time"));
  CHECK(lists(written("web1on1"), "/categories/0/role"));
  CHECK(lists(written("visitorchat"), "/contacts/0/address"));
}

TEST_CASE("about.json says how long and by which clause") {
  const json document = written("omniops", {.categories = CategorySet{DataCategory::message}});
  const json& category = document.at("categories").at(0);
  CHECK(category.at("category") == "message");
  CHECK(category.at("kept") == json{"90 days after creation"});
  CHECK(category.at("rules") == json{"chat", "child"});
  const json& rule = document.at("retention").at(0);
  CHECK(rule.at("rule") == "chat");
  CHECK(rule.at("period") == "90 days after creation");
  CHECK(rule.at("clause") ==
        "OmniOps Privacy Policy (version 3.0, 20 February 2026), Data Retention");
  CHECK(document.at("retention").at(1).at("categories") == "all");
}

TEST_CASE("California's part is there only where it is asked for, and null where there is none") {
  CHECK_FALSE(written("omniops").contains("california"));
  const json asked = written("omniops", {.california = true}).at("california");
  CHECK(asked.at("collected_in_past_12_months").size() == 4);
  CHECK(asked.at("sold") == false);
  CHECK(written("web1on1", {.california = true}).at("california").is_null());
}

TEST_CASE("a recipient that depends on an integration says so") {
  const json document = written("omniops", {.integrations = std::vector<std::string>{"slack"}});
  const json& last = document.at("recipients").back();
  CHECK(last.at("name") == "Slack");
  CHECK(last.at("only_if_enabled") == "slack");
  CHECK(last.at("place").is_null());
  CHECK_FALSE(document.at("recipients").at(0).contains("only_if_enabled"));
}

TEST_CASE("a customer's name with bad bytes does not lose the file") {
  const json document = written(
      "visitorchat", {.customer = Customer{.name = "Harbour \xff Cars", .contact = "x\"y"}});
  CHECK(document.at("customer").at("name") == "Harbour \xef\xbf\xbd Cars");
  CHECK(document.at("customer").at("contact") == "x\"y");
}

TEST_CASE("about.json keeps to its schema, whatever the policy and the question") {
  const std::vector<AboutQuestion> questions{
      {},
      {.california = true},
      {.categories = CategorySet{}},
      {.categories = CategorySet{DataCategory::message, DataCategory::billing},
       .integrations = std::vector<std::string>{"slack"},
       .customer = Customer{.name = "Harbour Cars", .contact = "dpo@harbour.example"}}};
  for (const Policy& policy : builtin_policies()) {
    CAPTURE(policy.id);
    for (const AboutQuestion& question : questions)
      CHECK(faults(written(policy.id.c_str(), question)) == std::vector<std::string>{});
  }
}

TEST_CASE("the schema of about.json refuses another shape") {
  const json good = written(
      "visitorchat", {.customer = Customer{.name = "x", .contact = "y"}, .california = true});
  REQUIRE(faults(good).empty());
  const std::vector<json> patches = json::parse(R"([
    {"schema_version": 2}, {"schema": null}, {"extra": 1}, {"rights": []}, {"purposes": "none"},
    {"operator": {"name": ""}}, {"customer": {"name": 1}}, {"policy": {"id": "No such"}},
    {"policy": {"documents": [{"title": "x", "version": null, "dated": "yesterday"}]}},
    {"transfers": {"words": 1}}, {"left_open": [1]}, {"not_stated": ["x"]},
    {"sells_data": {"yes": "no"}}, {"california": {"sold": "no"}}
  ])");
  for (const json& patch : patches) {
    CAPTURE(patch);
    json bad = good;
    bad.merge_patch(patch);
    CHECK_FALSE(faults(bad).empty());
  }
  for (const char* const pointer :
       {"/contacts/0/channel", "/categories/0/category", "/categories/0/role",
        "/purposes/0/categories", "/rights/0/right", "/statutory_limits/0/regime",
        "/recipients/0/clause", "/retention/0/period"}) {
    CAPTURE(pointer);
    json bad = good;
    bad[json::json_pointer(pointer)] = 7;
    CHECK_FALSE(faults(bad).empty());
  }
}

TEST_CASE("the schema of about.json lists the words that policies use") {
  std::ifstream file(schema_file());
  const json defs = json::parse(file).at("$defs");
  CHECK(defs.at("category").at("enum") == names<DataCategory>());
  CHECK(defs.at("legal_basis").at("enum") == names<LegalBasis>());
  CHECK(defs.at("regime").at("enum") == names<Regime>());
  CHECK(defs.at("right").at("enum") == names<RightKind>());
}
