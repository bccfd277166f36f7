#include "formats/text_table.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "formats/printable.hpp"

using dsar::formats::Align;
using dsar::formats::display_width;
using dsar::formats::printable;
using dsar::formats::TextTable;

TEST_CASE("what would steer a terminal is shown as an escape") {
  CHECK(printable("plain text, ümlaut, 漢字 and 🎉") == "plain text, ümlaut, 漢字 and 🎉");
  CHECK(printable("a\nb\tc\rd") == "a\\nb\\tc\\rd");
  CHECK(printable("\x1b[31mred\x07") == "\\x1b[31mred\\x07");
  CHECK(printable(std::string("nul\0", 4)) == "nul\\x00");
  CHECK(printable("csi \xC2\x9B") == "csi \\x9b");
  CHECK(printable("evil\u202Etxt.exe") == "evil\\u{202e}txt.exe");
  CHECK(printable("tag \U000E0041") == "tag \\u{e0041}");
}

TEST_CASE("bytes that are no UTF-8 are shown one by one") {
  CHECK(printable("\xFF") == "\\xff");
  CHECK(printable("cut \xE6\xBC") == "cut \\xe6\\xbc");
  CHECK(printable("overlong \xC0\xAF") == "overlong \\xc0\\xaf");
  CHECK(printable("overlong \xE0\x80\xAF") == "overlong \\xe0\\x80\\xaf");
  CHECK(printable("surrogate \xED\xA0\x80") == "surrogate \\xed\\xa0\\x80");
  CHECK(printable("beyond \xF4\x90\x80\x80") == "beyond \\xf4\\x90\\x80\\x80");
}

TEST_CASE("width is counted in columns of a terminal") {
  CHECK(display_width("") == 0);
  CHECK(display_width("Zoë") == 3);
  CHECK(display_width("Zoe\u0308") == 3);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("한글") == 4);
  CHECK(display_width("🎉") == 2);
}

TEST_CASE("a table aligns its columns by what is seen") {
  TextTable table({{"table", Align::left}, {"rows", Align::right}, {"note", Align::left}});
  table.add({"visitor", "3", "漢字"});
  table.add({"Zoë", "1200"});
  table.add({"a\nb", "7", "x"});
  CHECK(table.text(1) ==
        " table    rows  note\n"
        " visitor     3  漢字\n"
        " Zoë      1200\n"
        " a\\nb        7  x\n");
}

TEST_CASE("a table without headings has none, and one without rows only those") {
  TextTable bare({{""}, {""}});
  bare.add({"ok", "connection"});
  CHECK(bare.text() == "ok  connection\n");
  CHECK_FALSE(bare.empty());
  const TextTable none({{"a"}, {"b"}});
  CHECK(none.empty());
  CHECK(none.text() == "a  b\n");
}

TEST_CASE("a row with more cells than the table has columns is a fault") {
  TextTable table({{"a"}});
  CHECK_THROWS_AS(table.add({"1", "2"}), std::logic_error);
}
