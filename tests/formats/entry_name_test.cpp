#include "formats/entry_name.hpp"

#include <doctest/doctest.h>

#include <string>

using dsar::formats::EntryNames;
using dsar::formats::safe_entry_name;

TEST_CASE("safe entry names stay as they are") {
  for (const char* name : {"manifest.json", "data/messages.json", "files/notes/17-body.bin",
                           "files/Größe/中文 😀.pdf", ".hidden", "a..b", "~x", "console", "com10"}) {
    CHECK(safe_entry_name(name) == name);
  }
}

TEST_CASE("an entry name never leads out of the folder it is unpacked in") {
  CHECK(safe_entry_name("../../etc/passwd") == "._/._/etc/passwd");
  CHECK(safe_entry_name("/etc/passwd") == "etc/passwd");
  CHECK(safe_entry_name("a//./b/") == "a/_/b");
  CHECK(safe_entry_name("..\\..\\x") == ".._.._x");
  CHECK(safe_entry_name("C:\\x") == "C__x");
  CHECK(safe_entry_name("") == "_");
  CHECK(safe_entry_name("///") == "_");
}

TEST_CASE("characters that a system cannot keep or a reader cannot see are replaced") {
  CHECK(safe_entry_name(std::string("a\0b\n\x1b\x7f.txt", 10)) == "a_b___.txt");
  CHECK(safe_entry_name("what?*<>|\".txt") == "what______.txt");
  CHECK(safe_entry_name("invoice\u202Efdp.exe") == "invoice_fdp.exe");
  CHECK(safe_entry_name("zero\u200Bwidth\uFEFF\u0085") == "zero_width__");
  CHECK(safe_entry_name("trailing. ") == "trailing._");
  CHECK(safe_entry_name(" leading") == "_leading");
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  CHECK(safe_entry_name("\xff\xc3(") == "__(");
  CHECK(safe_entry_name("\xc0\xaf") == "__");                // an overlong slash
  CHECK(safe_entry_name("\xed\xa0\x80") == "___");           // a surrogate
  CHECK(safe_entry_name("\xf4\x90\x80\x80 x") == "____ x");  // beyond U+10FFFF
  CHECK(safe_entry_name("x\xe4\xb8") == "x__");              // cut short
}

TEST_CASE("names that Windows gives to devices are changed") {
  for (const char* name :
       {"con", "NUL.txt", "Com1", "lpt9.tar.gz", "aux .x", "COM\u00b9", "conin$"}) {
    CHECK(safe_entry_name(name) == '_' + std::string(name));
  }
}

TEST_CASE("a long part is cut on the edge of a character and keeps its extension") {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "中";
  const std::string cut = safe_entry_name("files/" + name + ".json");
  CHECK(cut.size() == 6 + 114 + 5);
  CHECK(cut.ends_with("中.json"));
  CHECK(safe_entry_name(std::string(500, 'x')) == std::string(120, 'x'));
}

TEST_CASE("every entry gets a name of its own, whatever the case") {
  EntryNames names;
  CHECK(names.claim("data/a.json") == "data/a.json");
  CHECK(names.claim("data/A.json") == "data/A~2.json");
  CHECK(names.claim("data/a.json") == "data/a~3.json");
  CHECK(names.claim("data/a~2.json") == "data/a~2~2.json");
  CHECK(names.claim("Data/b.json") == "Data/b.json");
  CHECK(names.claim("data/B.json") == "data/B~2.json");
  CHECK(names.claim("a:b") == "a_b");
  CHECK(names.claim("a?b") == "a_b~2");
}

TEST_CASE("letters beyond ASCII never decide whether two names differ") {
  EntryNames names;
  CHECK(names.claim("café.bin") == "café.bin");
  CHECK(names.claim("CAFÉ.bin") == "CAFÉ~2.bin");
  CHECK(names.claim("cafe\u0301.bin") == "cafe\u0301~3.bin");
  CHECK(names.claim("cafe.bin") == "cafe.bin");
}

TEST_CASE("no entry is the folder of another") {
  EntryNames names;
  CHECK(names.claim("files/x") == "files/x");
  CHECK(names.claim("Files/X/1") == "Files/X~2/1");
  CHECK(names.claim("files/x/2") == "files/x~2/2");
  CHECK(names.claim("files") == "files~2");
}
