#include "core/map/categories.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace dsar;

TEST_CASE("the taxonomy is sorted, well spelt and closed under its stems") {
  const auto& names = known_categories();
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  for (const auto name : names) {
    CAPTURE(name);
    CHECK(is_category_name(name));
    CHECK(is_known_category(name));
    const auto dot = name.rfind('.');
    if (dot != std::string_view::npos) {
      CHECK(std::binary_search(names.begin(), names.end(), name.substr(0, dot)));
    }
  }
}

TEST_CASE("a category may refine a known one, a slip is none") {
  CHECK(is_known_category("user.content.private.note"));
  CHECK(is_known_category("user.name.middle_name"));
  CHECK_FALSE(is_known_category("user.contact.emial"));
  CHECK_FALSE(is_known_category("user.contcat.email"));
  CHECK_FALSE(is_known_category("user.shoe_size"));
  CHECK_FALSE(is_known_category("customer.contact.email"));
  CHECK_FALSE(is_known_category(""));
}

TEST_CASE("category names are lower-case words joined by dots") {
  for (const auto name : {"", ".", "user.", ".user", "user..name", "User.name", "user.na-me",
                          "user._name", "user name"}) {
    CAPTURE(name);
    CHECK_FALSE(is_category_name(name));
  }
}
