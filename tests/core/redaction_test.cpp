#include "core/redaction.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/redaction_map.hpp"

using dsar::Redactor;
using dsar::ThirdParty;
using dsar::WholeVerdict;

namespace {

const dsar::DataMap map = dsar::test::redaction_map();

ThirdParty party(std::string label, std::string set, std::string identity, bool text = false) {
  return {std::move(label), std::move(set), std::move(identity), text, {}};
}

/// The redactor of a test, and values as they come out of it.
struct Ada {
  Redactor redactor{map, dsar::test::adas_keys(), dsar::test::adas_identities()};

  std::string whole(const ThirdParty& rule, std::string_view value) {
    const auto verdict = redactor.whole(redactor.prepare(rule), value);
    if (verdict.kind == WholeVerdict::Kind::text) return "text";
    if (verdict.kind == WholeVerdict::Kind::list)
      return with(redactor.in_list(redactor.prepare(rule), value), value);
    return std::string(verdict.kind == WholeVerdict::Kind::kept ? value : verdict.label.text);
  }

  std::string inside(std::string_view text, std::string label = "person") {
    return with(redactor.inside(redactor.prepare(party(std::move(label), "", "", true)), text),
                text);
  }

  static std::string with(const std::vector<dsar::Redaction>& redactions, std::string_view text) {
    std::string out;
    std::size_t copied = 0;
    for (const auto& redaction : redactions) {
      REQUIRE(redaction.begin >= copied);
      REQUIRE(redaction.end > redaction.begin);
      REQUIRE(redaction.end <= text.size());
      out.append(text.substr(copied, redaction.begin - copied)).append("[");
      out.append(redaction.label.text).append("]");
      copied = redaction.end;
    }
    return out.append(text.substr(copied));
  }
};

}  // namespace

TEST_CASE("labels are numbered by word in the order in which people appear, and stay") {
  dsar::Labels labels;
  CHECK(labels.label("agent", "7").text == "agent-1");
  CHECK(labels.label("agent", "8").text == "agent-2");
  CHECK(labels.label("person", "7").text == "person-1");
  CHECK(labels.label("agent", "7").text == "agent-1");
  CHECK(labels.label("", "x").text == "person-2");
  CHECK(labels.label("agent", "8").id == 1);
  CHECK(labels.knows("agent", "8"));
  CHECK_FALSE(labels.knows("agent", "9"));
  CHECK(labels.people().at("agent") == 2);
  CHECK(labels.people().at("person") == 2);
}

TEST_CASE("a word and a person cannot be mistaken for another word and person") {
  dsar::Labels labels;
  CHECK(labels.label("agent", "17").text == "agent-1");
  CHECK(labels.label("agent1", "7").text == "agent1-1");
}

TEST_CASE("keys of the subject's own rows stay, other people's get labels") {
  Ada ada;
  const auto visitor = party("visitor", "visitors", "");
  CHECK(ada.whole(visitor, "42") == "42");
  CHECK(ada.whole(visitor, "43") == "43");
  CHECK(ada.whole(visitor, "44") == "visitor-1");
  CHECK(ada.whole(visitor, "4") == "visitor-2");
  CHECK(ada.whole(visitor, "44") == "visitor-1");
  CHECK(ada.whole(visitor, "") == "");
}

TEST_CASE("ids that overlap are different people in different tables") {
  Ada ada;
  CHECK(ada.whole(party("agent", "agents", ""), "42") == "agent-1");
  CHECK(ada.whole(party("visitor", "visitors", ""), "7") == "visitor-1");
  CHECK(ada.whole(party("agent", "visitors", ""), "8") == "agent-2");
  CHECK(ada.whole(party("agent", "agents", ""), "8") == "agent-3");
}

TEST_CASE("a row is the same person in all record sets of its table") {
  Ada ada;
  CHECK(ada.whole(party("agent", "agents", ""), "7") == "7");
  CHECK(ada.whole(party("user", "agents", ""), "9") == "user-1");
  CHECK(ada.whole(party("user", "customers", ""), "9") == "user-1");
}

TEST_CASE("a key of several columns, or of an unknown record set, is nobody's own") {
  Redactor redactor(map, {{"visitors", {{"42", "beacon"}}}, {"gone", {{"42"}}}}, {});
  for (const auto* set : {"visitors", "gone"}) {
    const auto verdict = redactor.whole(redactor.prepare(party("v", set, "")), "42");
    CHECK(verdict.kind == WholeVerdict::Kind::labelled);
  }
}

TEST_CASE("identities of the subject stay in any spelling, other people's get labels") {
  Ada ada;
  const auto email = party("person", "", "email");
  CHECK(ada.whole(email, "ADA@Example.COM ") == "ADA@Example.COM ");
  CHECK(ada.whole(email, "ada.work@example.org") == "ada.work@example.org");
  CHECK(ada.whole(email, "brook@example.com") == "person-1");
  CHECK(ada.whole(email, "BROOK@EXAMPLE.COM") == "person-1");
  CHECK(ada.whole(email, "Brook Smith <brook@example.com>") == "person-1");
  CHECK(ada.whole(email, "MAILTO:brook@example.com") == "person-1");
  CHECK(ada.whole(email, "\"Lovelace, Ada\" <Ada@example.com>") ==
        "\"Lovelace, Ada\" <Ada@example.com>");
  CHECK(ada.whole(email, "Brook Smith") == "person-2");
  CHECK(ada.whole(email, "  ") == "  ");
  const auto phone = party("person", "", "phone");
  CHECK(ada.whole(phone, "+44 (0)7700 900-123") == "+44 (0)7700 900-123");
  CHECK(ada.whole(phone, "07700900123") == "07700900123");
  CHECK(ada.whole(phone, "07700 900124") == "person-3");
  CHECK(ada.whole(phone, "+44 7700 900124") == "person-3");
  const auto login = party("person", "", "login");
  CHECK(ada.whole(login, "ada_l@login.example") == "ada_l@login.example");
  CHECK(ada.whole(login, "Ada_L@login.example") == "person-4");
}

TEST_CASE("in a list of addresses each is the subject's or somebody else's, with its name") {
  Ada ada;
  const auto email = party("person", "", "email");
  CHECK(ada.whole(email,
                  "Ada <ADA@example.com>, \"Smith, Brook\" <brook@example.com> ;cy@x.example") ==
        "Ada <ADA@example.com>, [person-1] ;[person-2]");
  CHECK(ada.whole(email, "ada@example.com;ada.work@example.org,") ==
        "ada@example.com;ada.work@example.org,");
  CHECK(ada.whole(email, "brook@example.com, ada@example.com, Brook Smith") ==
        "[person-1], ada@example.com, [person-3]");
  CHECK(ada.whole(email, "\"brook@example.com, ada@example.com") == "[person-4]");
  CHECK(ada.whole(party("person", "", "email", true), "ask brook@example.com, or a@x.example") ==
        "text");
  CHECK(ada.whole(email, "Smith, Brook <brook@example.com>") == "person-1");
}

TEST_CASE("addresses are one person's whichever kind of identity and whichever text they are in") {
  Ada ada;
  CHECK(ada.whole(party("person", "", "work_email"), "ada@example.com") == "ada@example.com");
  CHECK(ada.whole(party("person", "", "work_email"), "brook@example.com") == "person-1");
  CHECK(ada.inside("Brook@Example.com or +44 1632 960001") == "[person-1] or [person-2]");
  CHECK(ada.whole(party("person", "", "email"), "brook@example.com") == "person-1");
  CHECK(ada.whole(party("person", "", "phone"), "01632 960 001") == "person-2");
}

TEST_CASE("a column may hold a key or an identity") {
  Ada ada;
  const auto either = party("person", "visitors", "email");
  CHECK(ada.whole(either, "42") == "42");
  CHECK(ada.whole(either, "ada@example.com") == "ada@example.com");
  CHECK(ada.whole(either, "44") == "person-1");
  CHECK(ada.whole(either, "brook@example.com") == "person-2");
  CHECK(ada.whole(party("person", "visitors", ""), "44") == "person-1");
  CHECK(ada.inside("brook@example.com") == "[person-2]");
}

TEST_CASE("a column may hold an identity or a text") {
  Ada ada;
  const auto either = party("person", "", "phone", true);
  CHECK(ada.whole(either, "07700 900123") == "07700 900123");
  CHECK(ada.whole(either, "07700 900999") == "person-1");
  CHECK(ada.whole(either, "call me on +44 7700 900999") == "text");
  CHECK(ada.whole(party("person", "", "email", true), "brook@example.com") == "person-2");
}

TEST_CASE("others' addresses in a text get labels, the subject's stay in any case") {
  Ada ada;
  CHECK(ada.inside("Hello!\n I am ADA@EXAMPLE.COM, not brook@example.com.") ==
        "Hello!\n I am ADA@EXAMPLE.COM, not [person-1].");
  CHECK(ada.inside("cc: cy@example.net; BROOK@example.com; ada.WORK@example.org") ==
        "cc: [person-2]; [person-1]; ada.WORK@example.org");
  CHECK(ada.inside("log in as Ada_L@login.example") == "log in as Ada_L@login.example");
  CHECK(ada.inside("brook@example.com", "agent") == "[agent-1]");
  CHECK(ada.inside("") == "");
  CHECK(ada.inside("1 + 1 = 2 & 100% @ noon \\o/") == "1 + 1 = 2 & 100% @ noon \\o/");
}

TEST_CASE("others' phone numbers in a text get labels, the subject's stay however written") {
  Ada ada;
  for (const auto* own :
       {"+447700900123", "+44 7700 900 123", "+44 (0)7700 900-123", "tel:+44.7700.900123",
        "(+44/7700/900123)", "+44\u00a07700\u2011900123", "%2B447700900123",
        "＋４４ ７７００ ９００１２３", "+44 7700 900123 5 times", "447700900123@s.whatsapp.net",
        "+447700900123@c.us"}) {
    CHECK(ada.inside(own) == own);
  }
  CHECK(ada.inside("call +44 7700 900124.") == "call [person-1].");
  CHECK(ada.inside("call +44 (7700) 900-124, or +447700900125") ==
        "call [person-1], or [person-2]");
  CHECK(ada.inside("+44 7700 900124 5 times") == "[person-1] 5 times");
  CHECK(ada.inside("447700900124@s.whatsapp.net") == "[person-3]");
}

TEST_CASE("a sender that encodes the subject's address is somebody, a parameter is hers") {
  Ada ada;
  CHECK(ada.inside("https://x.test/?email=ada@example.com&x=1") ==
        "https://x.test/?email=ada@example.com&x=1");
  CHECK(ada.inside("https://x.test/?email=ada%40example.com") ==
        "https://x.test/?email=ada%40example.com");
  CHECK(ada.inside("odd=ada@example.com") == "odd=ada@example.com");
  CHECK(ada.inside("bounces+brook=example.org@mail.example") == "[person-1]");
}

TEST_CASE("a text without addresses is not looked into, and a label's text outlives the call") {
  Ada ada;
  const auto rule = ada.redactor.prepare(party("agent", "agents", ""));
  const auto first = ada.redactor.whole(rule, "1").label.text;
  for (int i = 2; i < 5000; ++i) ada.redactor.whole(rule, std::to_string(i));
  CHECK(first == "agent-1");
  CHECK(ada.redactor.labels().people().at("agent") == 4998);
}
