#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/identity.hpp"

using namespace dsar;

namespace {

std::string without_blanks(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }),
             text.end());
  return text;
}

std::string manual() {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  std::ifstream file(root / "man/dsarctl-map.5");
  return without_blanks({std::istreambuf_iterator<char>(file), {}});
}

}  // namespace

TEST_CASE("dsarctl-map(5) gives the expression that a search compares, so that its index is used") {
  const auto page = manual();
  for (const auto normalisation :
       {Normalisation::exact, Normalisation::folded, Normalisation::digits, Normalisation::phone}) {
    IdentityKind kind;
    kind.normalisation = normalisation;
    kind.region = "GB";
    const auto expression = "(" + without_blanks(normalised_sql(kind, "phone")) + ")";
    CAPTURE(expression);
    CHECK(page.find(expression) != std::string::npos);
  }
}
