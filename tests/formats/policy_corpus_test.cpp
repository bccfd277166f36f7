#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/fault.hpp"
#include "core/policies/builtin.hpp"
#include "formats/policy_json.hpp"
#include "formats/policy_reader.hpp"

// The policies in tests/formats/policies/. tests/cli/test_policy_schema.py lays the same files
// beside the published schema: what the schema refuses (bad/shape) the reader refuses too, and what
// only the reader can see (bad/meaning) passes the schema.

namespace {

using namespace dsar;
namespace fs = std::filesystem;

fs::path folder() {
  return fs::path(__FILE__).parent_path() / "policies";
}

nlohmann::json json_of(const fs::path& path) {
  std::ifstream file(path);
  return nlohmann::json::parse(file);
}

std::vector<fs::path> files_in(const std::string& name) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder() / name)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string faults_of(const fs::path& path) {
  std::string all;
  try {
    static_cast<void>(formats::read_policies(path));
  } catch (const Invalid& error) {
    for (const Fault& fault : error.faults()) {
      all += fault.where.pointer + ": " + fault.message + "\n";
    }
  }
  return all;
}

template <NamedEnum E>
std::set<std::string> names() {
  std::set<std::string> result;
  for (const auto& entry : EnumNames<E>::table) result.emplace(entry.name);
  return result;
}

}  // namespace

TEST_CASE("good policies are read, also as one folder") {
  const auto files = files_in("good");
  CHECK(files.size() >= 3);
  for (const auto& path : files) {
    CAPTURE(path);
    CHECK_EQ(faults_of(path), "");
  }
  const PolicyCatalogue policies = formats::read_policies(folder() / "good");
  CHECK(policies.entries().size() == builtin_policies().size() + 2);
  CHECK(policies.named("omniops").extends == "omniops");
}

TEST_CASE("bad policies have the fault that their note says") {
  std::size_t count = 0;
  for (const std::string name : {"bad/shape", "bad/meaning"}) {
    for (const auto& path : files_in(name)) {
      ++count;
      const auto expected = json_of(path).at("note").get<std::string>();
      const std::string faults = faults_of(path);
      CAPTURE(path);
      CAPTURE(faults);
      CHECK(("\n" + faults).find("\n" + expected) != std::string::npos);
    }
  }
  CHECK(count > 40);
}

TEST_CASE("a policy in which every key occurs is printed with every key") {
  auto expected = json_of(folder() / "good" / "everything.json");
  const PolicyCatalogue policies = formats::read_policies(folder() / "good" / "everything.json");
  nlohmann::json printed = formats::policy_json(policies.named("everything"));
  // Remarks and the schema are for the file's readers; editions are spelled out.
  expected.erase("note");
  expected.erase("$schema");
  expected["documents"][0].erase("note");
  expected["periods"]["billing"].erase("note");
  nlohmann::json& billing = expected["rules"][1];
  billing["categories"] = {"billing"};
  billing["citation"]["edition"] = "undated";
  billing["with_recorded_ground"] = false;
  billing["choice"] = "only";
  CHECK(printed == expected);
}

TEST_CASE("the schema of policies knows the same words as the reader") {
  const auto schema = json_of(folder().parent_path().parent_path().parent_path() / "formats" /
                              "schemas" / "policy.schema.json");
  const auto words = [&](const std::string& pointer) {
    return schema.at(nlohmann::json::json_pointer(pointer + "/enum")).get<std::set<std::string>>();
  };
  CHECK(words("/$defs/category") == names<DataCategory>());
  CHECK(words("/$defs/event") == names<ClockEvent>());
  CHECK(words("/$defs/condition") == names<RuleCondition>());
  CHECK(words("/$defs/basis") == names<LegalBasis>());
  CHECK(words("/$defs/regime") == names<Regime>());
  CHECK(words("/$defs/rule/properties/choice") == names<ClockChoice>());
  CHECK(words("/$defs/rule/properties/bound") == names<Bound>());
  CHECK(words("/$defs/rule/properties/override") == names<OverridePermission>());
  CHECK(words("/$defs/rule/properties/action") == names<RuleAction>());
  CHECK(words("/properties/rights/items/properties/right") == names<RightKind>());
  CHECK(words("/properties/contacts/items/properties/channel") == names<Channel>());
  CHECK(words("/properties/roles/items/properties/role") == names<Role>());
  std::set<std::string> policies;
  for (const Policy& policy : builtin_policies()) policies.insert(policy.id);
  CHECK(words("/properties/extends") == policies);
}
