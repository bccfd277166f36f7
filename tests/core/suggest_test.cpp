#include "core/suggest.hpp"

#include <doctest/doctest.h>

using namespace dsar;

TEST_CASE("slips are counted once each") {
  CHECK_EQ(edit_distance("", ""), 0);
  CHECK_EQ(edit_distance("", "abc"), 3);
  CHECK_EQ(edit_distance("where", "wher"), 1);
  CHECK_EQ(edit_distance("where", "wehre"), 1);
  CHECK_EQ(edit_distance("where", "there"), 1);
  CHECK_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST_CASE("the nearest word is suggested and a strange one is not") {
  const std::vector<std::string_view> words{"export", "erase", "find", "audit-log"};
  CHECK_EQ(closest_match("exprot", words), "export");
  CHECK_EQ(closest_match("fnd", words), "find");
  CHECK_EQ(closest_match("Audit_Log", words), "audit-log");
  CHECK_EQ(closest_match("zzz", words), "");
  CHECK_EQ(closest_match("", words), "");
  CHECK_EQ(closest_match(std::string(5000, 'e'), words), "");
  CHECK_EQ(did_you_mean("exprot", words), "; did you mean 'export'?");
  CHECK_EQ(did_you_mean("zzz", words), "");
}
