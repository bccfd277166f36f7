#include "core/identity.hpp"

#include <doctest/doctest.h>

#include <random>

#include "core/pg/connection.hpp"
#include "core/pg/subject.hpp"

using namespace dsar;

namespace {

IdentityKind kind_of(Normalisation normalisation, const std::string& region = {}) {
  IdentityKind kind;
  kind.name = "kind";
  kind.normalisation = normalisation;
  kind.region = region;
  return kind;
}

std::string by_server(pg::Connection& connection, const IdentityKind& kind,
                      const std::string& value) {
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  return connection.exec("SELECT " + normalised_sql(kind, "$1::text"), {value})->text(0, 0);
}

}  // namespace

TEST_CASE("spellings of one telephone number are one number") {
  pg::Connection connection("");
  const auto british = kind_of(Normalisation::phone, "GB");
  for (const auto* spelling : {"+44 7700 900123", "07700 900123", "0044 7700 900123",
                               "+44 (0)7700 900123", "447700900123", "(07700) 900-123"}) {
    CAPTURE(spelling);
    CHECK(normalise(british, spelling) == "+447700900123");
    CHECK(by_server(connection, british, spelling) == "+447700900123");
  }
  CHECK(normalise(kind_of(Normalisation::phone, "US"), "(202) 555-0123") == "+12025550123");
  CHECK(normalise(kind_of(Normalisation::phone, "US"), "1-202-555-0123") == "+12025550123");
  CHECK(normalise(kind_of(Normalisation::phone, "HU"), "06 20 123 4567") == "+36201234567");
  CHECK(normalise(kind_of(Normalisation::phone, "DK"), "32 12 34 56") == "+4532123456");
  CHECK(normalise(british, "no number").empty());
}

TEST_CASE("the tool and the server spell every ASCII value alike") {
  pg::Connection connection("");
  std::mt19937 random(20260331);
  const std::string letters = "0123456789+()- aAbZ@.";
  std::uniform_int_distribution<std::size_t> letter(0, letters.size() - 1);
  std::uniform_int_distribution<std::size_t> length(0, 16);
  const std::vector<IdentityKind> kinds{
      kind_of(Normalisation::exact),       kind_of(Normalisation::folded),
      kind_of(Normalisation::digits),      kind_of(Normalisation::phone, "GB"),
      kind_of(Normalisation::phone, "US"), kind_of(Normalisation::phone, "HU"),
      kind_of(Normalisation::phone, "DK")};
  for (int round = 0; round < 300; ++round) {
    std::string value;
    for (auto n = length(random); n > 0; --n) value += letters[letter(random)];
    for (const auto& kind : kinds) {
      CAPTURE(value);
      CAPTURE(kind.region);
      CHECK(normalise(kind, value) == by_server(connection, kind, value));
    }
  }
}
