#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/map/map_terms.hpp"
#include "core/policy_terms.hpp"
#include "tests/formats/map_fixture.hpp"

using namespace dsar;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(map_fixture::folder() / folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string faults_of(const fs::path& path) {
  try {
    static_cast<void>(formats::read_map(path));
  } catch (const InvalidMap& error) {
    std::string all;
    for (const Fault& fault : error.faults()) {
      all += fault.where.pointer + ": " + fault.message + "\n";
    }
    return all;
  }
  return {};
}

template <NamedEnum E>
std::set<std::string> names() {
  std::set<std::string> result;
  for (const auto& entry : EnumNames<E>::table) result.emplace(entry.name);
  return result;
}

}  // namespace

TEST_CASE("good maps are read") {
  const auto files = files_in("good");
  CHECK(files.size() >= 3);
  for (const auto& path : files) {
    CAPTURE(path);
    CHECK_EQ(faults_of(path), "");
  }
}

TEST_CASE("bad maps have the fault that their note says") {
  std::size_t count = 0;
  for (const std::string folder : {"bad/shape", "bad/meaning"}) {
    for (const auto& path : files_in(folder)) {
      ++count;
      const auto json = nlohmann::json::parse(map_fixture::text_of(path));
      const auto expected = json.at("note").get<std::string>();
      const std::string faults = faults_of(path);
      CAPTURE(path);
      CAPTURE(faults);
      CHECK(("\n" + faults).find("\n" + expected) != std::string::npos);
    }
  }
  CHECK(count > 60);
}

TEST_CASE("files that are no JSON are refused") {
  for (const auto& path : files_in("bad/text")) {
    CAPTURE(path);
    CHECK_NE(faults_of(path), "");
  }
}

TEST_CASE("the schema knows the same words as the reader") {
  const auto schema = nlohmann::json::parse(
      map_fixture::text_of(map_fixture::folder().parent_path().parent_path().parent_path() /
                           "formats" / "schemas" / "data-map.schema.json"));
  const auto words = [&](const std::string& pointer) {
    const auto list = schema.at(nlohmann::json::json_pointer("/$defs" + pointer + "/enum"));
    return list.get<std::set<std::string>>();
  };
  CHECK(words("/recordSet/properties/category") == names<DataCategory>());
  CHECK(words("/recordSet/properties/basis") == names<LegalBasis>());
  CHECK(words("/recordSet/properties/role") == names<RoleChoice>());
  CHECK(words("/relation") == names<Relation>());
  CHECK(words("/event") == names<ClockEvent>());
  CHECK(words("/choice") == names<SubjectChoice>());
  CHECK(words("/identityKind/properties/strength") == names<Strength>());
  CHECK(words("/identityKind/properties/normalise") == names<Normalisation>());
  CHECK(words("/column/oneOf/1/properties/use") == names<ColumnUse>());
  CHECK(words("/column/oneOf/1/properties/origin") == names<Origin>());
  CHECK(words("/column/oneOf/1/properties/encoding") == names<Encoding>());
}
