#include "core/residue.hpp"

#include <doctest/doctest.h>

using namespace dsar;

namespace {

ResidueIdentity email(const char* value) {
  IdentityKind kind;
  kind.name = "email";
  kind.normalisation = Normalisation::folded;
  return {kind, {"email", value}};
}

ResidueIdentity phone(const char* value) {
  IdentityKind kind;
  kind.name = "phone";
  kind.normalisation = Normalisation::phone;
  kind.region = "GB";
  return {kind, {"phone", value}};
}

bool stands(const ResidueIdentity& identity, std::string_view text) {
  SearchForm form;
  form.assign(text);
  return !identity.places_in(form).empty();
}

}  // namespace

TEST_CASE("an address is found however it is escaped and in whatever case") {
  const auto ada = email("ada@example.com");
  for (const auto* text : {"ada@example.com", "write to ADA@Example.COM.", "<ada@example.com>",
                           "mailto:ada@example.com", "?to=ada%40example.com&x=1",
                           "ada&#64;example.com", R"({"to":"ada\u0040example.com"})",
                           "ada@example.com, bob@example.com", "(ada@example.com)"}) {
    INFO(text);
    CHECK(stands(ada, text));
  }
}

TEST_CASE("another person's longer address is not taken for it") {
  const auto ada = email("ada@example.com");
  for (const auto* text : {"granada@example.com", "ada@example.com.au", "ada@example.community",
                           "x.ada@example.com", "ada+news@example.com", "ada @ example.com", ""}) {
    INFO(text);
    CHECK_FALSE(stands(ada, text));
  }
}

TEST_CASE("a phone number is found in the ways in which people write it") {
  const auto ada = phone("+447700900123");
  for (const auto* text :
       {"+447700900123", "00447700900123", "07700 900123", "(07700) 900-123", "+44 (0)7700 900123",
        "call 07700.900.123 now", "447700900123", "tel:+44%207700%20900123"}) {
    INFO(text);
    CHECK(stands(ada, text));
  }
  for (const auto* text :
       {"+447700900124", "107700900123", "077009001234", "order 7700 x 900123"}) {
    INFO(text);
    CHECK_FALSE(stands(ada, text));
  }
}

TEST_CASE("only what the map allows to be searched for, and long enough, is searched for") {
  DataMap map;
  IdentityKind kind;
  kind.name = "email";
  kind.normalisation = Normalisation::folded;
  kind.scan = true;
  map.identities.push_back(kind);
  kind.name = "visitor";
  kind.scan = false;
  map.identities.push_back(kind);
  CHECK(searchable(map, {{"email", "a@b.de"}}).size() == 1);
  CHECK(searchable(map, {{"email", "a@b.c"}}).empty());
  CHECK(searchable(map, {{"visitor", "1234567"}}).empty());
  CHECK(searchable(map, {{"nobody", "1234567"}}).empty());
}

TEST_CASE("what is redacted leaves the rest of the text as it is") {
  const std::vector<ResidueIdentity> ada{email("ada@example.com"), phone("+447700900123")};
  const auto check = [&](const char* text, const char* without) {
    INFO(text);
    CHECK(redacted(text, ada) == without);
    CHECK(redacted(without, ada) == std::nullopt);
  };
  check("ask ADA@example.com, not granada@example.com!", "ask [erased], not granada@example.com!");
  check("?to=ada%40example.com&x=1", "?to=[erased]&x=1");
  check(R"(say \"ada\u0040example.com\"\n)", R"(say \"[erased]\"\n)");
  check("ada@example.com;ada@example.com", "[erased];[erased]");
  check("call +44 7700 900123 or 07700 900-123 today", "call [erased] or [erased] today");
  check("Grüße an ada@example.com — bald", "Grüße an [erased] — bald");
  CHECK(redacted("nobody is in here", ada) == std::nullopt);
}
