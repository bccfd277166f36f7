#include "core/rectification.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/rectified_text.hpp"

using namespace dsar;

namespace {

DataMap desk() {
  DataMap map;
  IdentityKind email;
  email.name = "email";
  email.category = "user.contact.email";
  email.normalisation = Normalisation::folded;
  IdentityKind phone;
  phone.name = "phone";
  phone.category = "user.contact.phone_number";
  phone.normalisation = Normalisation::phone;
  phone.region = "GB";
  map.identities = {email, phone};
  ColumnRule name;
  name.name = "name";
  name.use = ColumnUse::personal;
  name.category = "user.name";
  Table table;
  table.name = {"desk", "visitors"};
  table.columns = {name};
  RecordSet set;
  set.name = "visitors";
  table.sets = {set};
  map.tables = {table};
  return map;
}

std::string refusal(const std::vector<Correction>& asked) {
  try {
    checked_corrections(desk(), asked);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    return error.what();
  }
  return {};
}

std::optional<std::string> no_json(std::string_view /*json*/,
                                   const std::vector<JsonPath>& /*inside*/,
                                   const std::set<std::string>& /*spellings*/,
                                   const std::string& /*value*/) {
  return std::nullopt;
}

}  // namespace

TEST_CASE("a replacement has a category, an old value and a new one") {
  const auto correction = parse_replacement("user.name:Ada: Nwosu=Ada Obi", "--replace 1");
  CHECK(correction.category == "user.name");
  CHECK(correction.old == "Ada: Nwosu");
  CHECK(correction.value == "Ada Obi");
  for (const auto* wrong : {"", "email", "email:", "email:a", "email:=b", "email:a=", ":a=b",
                            "email:a=b=c", "email=a:b"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_replacement(wrong, "--replace 1"), Error);
  }
}

TEST_CASE("a setting ends its category at the first equals sign") {
  const auto correction = parse_setting("user.name=a=b", "--set 1");
  CHECK(correction.category == "user.name");
  CHECK_FALSE(correction.old);
  CHECK(correction.value == "a=b");
  CHECK_THROWS_AS(parse_setting("user.name", "--set 1"), Error);
  CHECK_THROWS_AS(parse_setting("=x", "--set 1"), Error);
}

TEST_CASE("a category stands for its refinements and not for what only begins like it") {
  CHECK(falls_under("user.contact.email", "user.contact"));
  CHECK(falls_under("user.contact", "user.contact"));
  CHECK_FALSE(falls_under("user.contact", "user.contact.email"));
  CHECK_FALSE(falls_under("user.contacts", "user.contact"));
  CHECK_FALSE(falls_under("", "user"));
}

TEST_CASE("an identity kind stands for its category") {
  const auto checked = checked_corrections(desk(), {{"email", "a", "b"}, {"user.name", "c", "d"}});
  CHECK(checked[0].category == "user.contact.email");
  CHECK(checked[1].category == "user.name");
}

TEST_CASE("corrections that contradict each other are refused") {
  CHECK(refusal({{"user.nickname", "a", "b"}}).find("user.nickname") != std::string::npos);
  CHECK_FALSE(refusal({{"email", "a", "b"}, {"user.contact", "a", "c"}}).empty());
  CHECK_FALSE(refusal({{"email", "a", "b"}, {"email", "b", "c"}}).empty());
  CHECK_FALSE(refusal({{"email", "b", "c"}, {"email", "a", "b"}}).empty());
  CHECK_FALSE(refusal({{"email", "a", "b"}, {"email", std::nullopt, "c"}}).empty());
  CHECK(refusal({{"email", "a", "b"}, {"email", "c", "b"}}).empty());
  CHECK(refusal({{"email", "a", "b"}, {"user.name", "b", "a"}}).empty());
}

TEST_CASE("bounds name a record set and a column of the map") {
  CHECK(parse_within(desk(), "visitors").column.empty());
  CHECK(parse_within(desk(), "visitors.name").column == "name");
  CHECK_THROWS_AS(parse_within(desk(), "visitor"), Error);
  CHECK_THROWS_AS(parse_within(desk(), "visitors.nome"), Error);
}

TEST_CASE("the last of several columns takes what the others leave") {
  const auto map = desk();
  const auto* phone = find_identity(map, "phone");
  CHECK(last_part(phone, {"+44"}, "+44 7700 900999") == "7700 900999");
  CHECK(last_part(phone, {"+44"}, "07700 900999") == "7700900999");
  CHECK(last_part(phone, {"0044"}, "+44 7700 900999") == std::nullopt);
  CHECK(last_part(phone, {"+44"}, "+31 6 1234") == std::nullopt);
  CHECK(last_part(phone, {""}, "7700") == "7700");
  CHECK(last_part(nullptr, {"a", "b"}, "abc") == "c");
  CHECK(last_part(nullptr, {"a"}, "a") == std::nullopt);
  CHECK(last_part(nullptr, {"x"}, "abc") == std::nullopt);
}

TEST_CASE("a part of a text is replaced where it stands") {
  const auto map = desk();
  Place place;
  place.set = find_set(map, "visitors");
  place.columns = {"from"};
  IdentitySource source;
  source.expression = SqlFragment{"substring(\"from\" from '<(.*)>')", {}};
  place.values = {source};
  const auto text = new_text(place, {{"1"}, {"Ada <a@x.org> a@x.org"}, "a@x.org"}, {"a@x.org"},
                             "b@y.org", no_json);
  REQUIRE(text);
  CHECK(text->before == "Ada <a@x.org> a@x.org");
  CHECK(text->after == "Ada <b@y.org> a@x.org");
  CHECK_FALSE(new_text(place, {{"1"}, {"Ada"}, "a@x.org"}, {"a@x.org"}, "b", no_json));
}

TEST_CASE("what stands there already is not written") {
  const auto map = desk();
  Place place;
  place.set = find_set(map, "visitors");
  place.columns = {"name"};
  IdentitySource source;
  source.columns = {"name"};
  place.values = {source};
  CHECK(new_text(place, {{"1"}, {"ada"}, {}}, {"ada"}, "Ada", no_json)->after == "Ada");
  CHECK_FALSE(new_text(place, {{"1"}, {"Ada"}, {}}, {"Ada"}, "Ada", no_json));
}

TEST_CASE("a masked value shows how each word begins") {
  CHECK(masked_value("ada@example.com") == "a**@e******.c**");
  CHECK(masked_value("+44 7700 900123") == "+4* 7*** 9*****");
  CHECK(masked_value("Zoë Ångström") == "Z** Å*******");
  CHECK(masked_value("") == "");
  CHECK(masked_value(std::string(100, 'x')).size() < 70);
}
