#include "formats/manifest.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/formats/json_schema.hpp"

using dsar::formats::ManifestSource;
using dsar::formats::PackageFile;
using nlohmann::json;

namespace {

const std::chrono::sys_seconds noon =
    std::chrono::sys_days(std::chrono::year(2026) / 3 / 31) + std::chrono::hours(12);

std::string manifest_json(const std::vector<PackageFile>& files) {
  ManifestSource source("0.1.0", noon, files);
  std::string json;
  std::string part(7, '\0');
  while (const std::size_t length = source.read(part.data(), part.size())) {
    json.append(part, 0, length);
  }
  return json;
}

std::vector<PackageFile> two_files() {
  return {{"about.json", {{"policy", "omniops"}}, std::nullopt, 12, std::string(64, 'a')},
          {"data/\"odd\".json", {{"b", "1"}, {"a", "\\"}}, 3, 5'000'000'000, std::string(64, 'b')}};
}

std::vector<std::string> faults(const json& manifest) {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  return dsar::test::JsonSchema((root / "formats/schemas/manifest.schema.json").string())
      .faults(manifest);
}

}  // namespace

TEST_CASE("a manifest says what each file is, one a line") {
  const std::string digest(64, 'a');
  CHECK(manifest_json({two_files()[0]}) ==
        "{\n"
        "  \"schema\": \"dsarctl-manifest\",\n"
        "  \"version\": 1,\n"
        "  \"tool\": {\"name\": \"dsarctl\", \"version\": \"0.1.0\"},\n"
        "  \"created\": \"2026-03-31T12:00:00Z\",\n"
        "  \"files\": [\n"
        "    {\"name\": \"about.json\", \"source\": {\"policy\": \"omniops\"}, \"bytes\": 12, "
        "\"sha256\": \"" +
            digest +
            "\"}\n"
            "  ]\n"
            "}\n");
}

TEST_CASE("a manifest holds odd names and large files") {
  const json manifest = json::parse(manifest_json(two_files()));
  const json& file = manifest["files"][1];
  CHECK(file["name"] == "data/\"odd\".json");
  CHECK(file["source"] == json({{"a", "\\"}, {"b", "1"}}));
  CHECK(file["rows"] == 3);
  CHECK(file["bytes"] == 5'000'000'000);
}

TEST_CASE("a manifest keeps to its schema") {
  CHECK(faults(json::parse(manifest_json(two_files()))).empty());
  CHECK(faults(json::parse(manifest_json({}))).empty());
}

TEST_CASE("the schema refuses what is no manifest") {
  const json good = json::parse(manifest_json(two_files()));
  const std::vector<json> patches = json::parse(R"([
    {"version": 2}, {"schema": null}, {"extra": 1}, {"created": "yesterday"}, {"files": {}},
    {"files": [{}]}, {"tool": {"version": null}}
  ])");
  for (const json& patch : patches) {
    json bad = good;
    bad.merge_patch(patch);
    CHECK_FALSE(faults(bad).empty());
  }
  for (const char* pointer : {"/files/0/name", "/files/0/sha256", "/files/1/rows"}) {
    json bad = good;
    bad[json::json_pointer(pointer)] = "/no/";
    CHECK_FALSE(faults(bad).empty());
  }
}
