#include "core/sql.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace dsar;

TEST_CASE("identifiers are quoted whatever they hold") {
  CHECK(quote("plain").text() == "\"plain\"");
  CHECK(quote("it\"s; DROP").text() == "\"it\"\"s; DROP\"");
  CHECK(quote(TableName{"My Schema", "Ticket"}).text() == "\"My Schema\".\"Ticket\"");
  CHECK_THROWS_AS(quote(""), Error);
  CHECK_THROWS_AS(quote(std::string_view("a\0b", 3)), Error);
}

TEST_CASE("constants of the map cannot end their quotes") {
  CHECK(string_literal("it's") == "'it''s'");
  CHECK(string_literal("\\' OR true --") == "E'\\\\'' OR true --'");
}

TEST_CASE("a value of one type is bound once") {
  SqlStatement statement;
  CHECK(statement.bind("x", "text") == "$1::text");
  CHECK(statement.bind("x", "bigint") == "$2::bigint");
  CHECK(statement.bind("x", "text") == "$1::text");
  CHECK(statement.bind(std::nullopt, "text") == "$3::text");
  CHECK(statement.params().size() == 3);
}

TEST_CASE("arrays keep quotes, backslashes and braces apart from their syntax") {
  CHECK(array_value({}) == "{}");
  CHECK(array_value({"a", "{b}", "c\"d", "e\\f", ""}) ==
        "{\"a\",\"{b}\",\"c\\\"d\",\"e\\\\f\",\"\"}");
}
