#include "formats/bytes_entry.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "formats/entry_name.hpp"

using dsar::formats::bytes_entry_name;
using dsar::formats::BytesEntryNames;

TEST_CASE("values of a bytea column are numbered in a folder of their record set") {
  BytesEntryNames names("uploads", "content");
  CHECK(names.name(1) == "files/uploads/content-000001.bin");
  CHECK(names.name(999'999) == "files/uploads/content-999999.bin");
  CHECK(names.name(1'000'000) == "files/uploads/content-1000000.bin");
  CHECK(bytes_entry_name("page_views", "raw-2", 7) == "files/page_views/raw-2-000007.bin");
}

TEST_CASE("entries of oddly named columns are safe and each its own") {
  std::set<std::string> names;
  dsar::formats::EntryNames entries;
  for (const auto* column : {"content", "Content", "CONTENT", "../content", "a/b", "a_b", "a\\b",
                             "con", "é", "ü", "", ".", "a b", "content~1"}) {
    for (const auto* set : {"files", "Files"}) {
      const auto name = bytes_entry_name(set, column, 1);
      CAPTURE(name);
      CHECK(names.insert(name).second);
      CHECK(dsar::formats::safe_entry_name(name) == name);
      CHECK(entries.claim(name) == name);
      CHECK(std::count(name.begin(), name.end(), '/') == 2);
    }
  }
}
