#include "core/redaction_addresses.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/redaction_search.hpp"

namespace {

/// The addresses as they stand in the text, in brackets: `<` e-mail `>`, `{` phone number `}`.
std::string marked(std::string_view text) {
  dsar::SearchForm form;
  std::vector<dsar::FoundAddress> found;
  form.assign(text);
  dsar::find_addresses(form.text(), found);
  if (!dsar::may_hold_address(text)) REQUIRE(found.empty());
  std::string out;
  std::size_t copied = 0;
  for (const auto& address : found) {
    const auto begin = form.begin_of(address.begin);
    const auto end = form.end_of(address.end - 1);
    REQUIRE(begin >= copied);
    const bool email = address.kind == dsar::AddressKind::email;
    out.append(text.substr(copied, begin - copied)).append(email ? "\u2039" : "{");
    out.append(text.substr(begin, end - begin)).append(email ? "\u203a" : "}");
    copied = end;
  }
  return out.append(text.substr(copied));
}

std::string search_text(std::string_view text) {
  dsar::SearchForm form;
  form.assign(text);
  return form.text();
}

}  // namespace

TEST_CASE("addresses are found without the punctuation around them") {
  CHECK(marked("b@example.com") == "‹b@example.com›");
  CHECK(marked("(b@example.com), <b@example.com>; 'b@example.com'.") ==
        "(‹b@example.com›), <‹b@example.com›>; '‹b@example.com›'.");
  CHECK(marked("...b@example.com... **b@example.com** _b@example.com_ `b@example.com`") ==
        "...‹b@example.com›... **‹b@example.com›** _‹b@example.com›_ `‹b@example.com›`");
  CHECK(marked("mailto:b@example.com?subject=x") == "mailto:‹b@example.com›?subject=x");
  CHECK(marked("b@example.com:b@example.com|b@example.com") ==
        "‹b@example.com›:‹b@example.com›|‹b@example.com›");
  CHECK(marked("[b@example.com](mailto:b@example.com)") ==
        "[‹b@example.com›](mailto:‹b@example.com›)");
  CHECK(marked("„b@example.com“ «b@example.com» —b@example.com—") ==
        "„‹b@example.com›“ «‹b@example.com›» —‹b@example.com›—");
}

TEST_CASE("local parts may hold what addresses hold in practice") {
  CHECK(marked("o'brien+tag@example.com") == "‹o'brien+tag@example.com›");
  CHECK(marked("b_r-o.o%k!#$^~@example.com") == "‹b_r-o.o%k!#$^~@example.com›");
  CHECK(marked("\"john doe\"@example.com") == "‹\"john doe\"@example.com›");
  CHECK(marked("jörg@example.com, Ελένη@example.gr, 用户@例子.广告") ==
        "‹jörg@example.com›, ‹Ελένη@example.gr›, ‹用户@例子.广告›");
  CHECK(marked("\"\"@example.com @example.com") == "\"\"@example.com @example.com");
}

TEST_CASE("domains may be international, literal or deep, and end where they end") {
  CHECK(marked("b@a.b.c.example.co.uk.") == "‹b@a.b.c.example.co.uk›.");
  CHECK(marked("b@müller.example b@[192.0.2.1] b@[IPv6:2001:db8::1] b@192.0.2.1") ==
        "‹b@müller.example› ‹b@[192.0.2.1]› ‹b@[IPv6:2001:db8::1]› ‹b@192.0.2.1›");
  CHECK(marked("b@example.com/path b@example.com:25 b@x-y_z.example-") ==
        "‹b@example.com›/path ‹b@example.com›:25 ‹b@x-y_z.example›-");
  CHECK(marked("b@example.com.5 b@example.com.2026.03 b@1.2.3.4.5") ==
        "‹b@example.com›.5 ‹b@example.com›.2026.03 b@1.2.3.4.5");
  CHECK(marked("b@exampleテスト.com") == "‹b@exampleテスト.com›");
  CHECK(marked("b@.example.com b@-x") == "b@.example.com b@-x");
}

TEST_CASE("prices, versions and handles are no addresses") {
  for (const auto* text : {"5@3.50", "pkg@1.2.3", "@brook", "3pm@office", "a @ b", "@@@", "@", "b@",
                           "b@ example.com", "+", "+1", "b@example", "lib@1.2.3.4.5"}) {
    CHECK(marked(text) == text);
  }
}

TEST_CASE("a domain without a dot counts where the text says that it is an address") {
  CHECK(marked("mailto:b@intranet <b@intranet>") == "mailto:‹b@intranet› <‹b@intranet›>");
}

TEST_CASE("words of scripts without blanks do not run into addresses") {
  CHECK(marked("请联系b@example.com谢谢") == "请联系‹b@example.com›谢谢");
  CHECK(marked("메일은 b@example.com으로") == "메일은 ‹b@example.com›으로");
  CHECK(marked("😀b@example.com😀") == "😀‹b@example.com›😀");
  CHECK(marked("電話：+81 3-1234-5678。") == "電話：{+81 3-1234-5678}。");
}

TEST_CASE("addresses are found behind escapes, and escapes are not divided") {
  CHECK(marked("?to=b%40example.com&x=1") == "?to=‹b%40example.com›&x=1");
  CHECK(marked("b&#64;example.com &lt;b&commat;example.com&gt; b&#x40;example.com") ==
        "‹b&#64;example.com› &lt;‹b&commat;example.com›&gt; ‹b&#x40;example.com›");
  CHECK(marked("&#x62;&#64;&#101;xample&#46;com") == "‹&#x62;&#64;&#101;xample&#46;com›");
  CHECK(marked(R"(\u003cb\u0040example.com\u003e)") == R"(\u003c‹b\u0040example.com›\u003e)");
  CHECK(marked(R"(\nb@example.com\n\\\"b@example.com\\\")") ==
        R"(\n‹b@example.com›\n\\\"‹b@example.com›\\\")");
  CHECK(marked(R"(\\u0062\\u0040example.com\\)") == R"(‹\\u0062\\u0040example.com›\\)");
  CHECK(marked("hello%20b%2Btag%40example.com") == "hello%20‹b%2Btag%40example.com›");
  CHECK(marked("b＠example．com b\u200b@exam\u00adple.com") ==
        "‹b＠example．com› ‹b\u200b@exam\u00adple.com›");
  CHECK(marked(R"(b@example.com\u0000.com)") == R"(‹b@example.com›\u0000.com)");
  CHECK(marked("100% b@example.com &co; \\") == "100% ‹b@example.com› &co; \\");
}

TEST_CASE("a parameter's name is not part of its address, a recipient in a sender is") {
  CHECK(marked("https://x.test/a?u=b@example.com&email=c@example.com") ==
        "https://x.test/a?u=‹b@example.com›&email=‹c@example.com›");
  CHECK(marked("email=b.c@example.com To=b.c@example.com") ==
        "email=‹b.c@example.com› To=‹b.c@example.com›");
  CHECK(marked("bounces+b=example.org@m.example b=example.org@m.example prvs=12ab=b@m.example") ==
        "‹bounces+b=example.org@m.example› ‹b=example.org@m.example› prvs=‹12ab=b@m.example›");
}

TEST_CASE("phone numbers are found in international form with what stands in them") {
  CHECK(marked("+4477009001") == "{+4477009001}");
  CHECK(marked("Tel.+44 (0)7700 900-123, +1 (555) 010-9999; +49.30.1234567") ==
        "Tel.{+44 (0)7700 900-123}, {+1 (555) 010-9999}; {+49.30.1234567}");
  CHECK(marked("+44 7700 900123. 3 more") == "{+44 7700 900123}. 3 more");
  CHECK(marked("+44 7700 900123, 2026-03-31") == "{+44 7700 900123}, 2026-03-31");
  CHECK(marked("+44 7700 900123 2026-03-31") == "{+44 7700 900123} 2026-03-31");
  CHECK(marked("%2B447700900123 &#43;447700900123") == "{%2B447700900123} {&#43;447700900123}");
  CHECK(marked("b+447700900123@example.com") == "‹b+447700900123@example.com›");
  CHECK(marked("+447700900123\n+447700900124") == "{+447700900123}\n{+447700900124}");
}

TEST_CASE("sums, offsets and long numbers are no phone numbers") {
  for (const auto* text : {"5+1234567", "5 + 1234567", "x + 1234567", "+123456", "+0100 20260331",
                           "+1234567890123456", "++1234567x", "12:00:00+00:00 1234567", "+ -"}) {
    CHECK(marked(text) == text);
  }
}

TEST_CASE("the form that is searched in knows where every byte comes from") {
  dsar::SearchForm form;
  form.assign("a&#64;\u00e9\u200b.");
  REQUIRE(form.text() == "a@\u00e9.");
  CHECK(form.begin_of(0) == 0);
  CHECK(form.end_of(0) == 1);
  CHECK(form.begin_of(1) == 1);
  CHECK(form.end_of(1) == 6);
  CHECK(form.begin_of(2) == 6);
  CHECK(form.end_of(3) == 8);
  CHECK(form.begin_of(4) == 11);
  CHECK(form.end_of(4) == 12);
  CHECK(search_text("\xff%zz&;\\q&#xZ;&#99999999999;") == "\ufffd%zz&;\\q&#xZ;&#99999999999;");
}

TEST_CASE("a long text of nothing but signs takes no longer than its length") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "a@=+";
  CHECK(marked(text) == text);
  CHECK(marked(std::string(400'000, 'a') + "@") == std::string(400'000, 'a') + "@");
  CHECK(marked(std::string(400'000, '\\')) == std::string(400'000, '\\'));
}
