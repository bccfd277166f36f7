#include "core/hold.hpp"

#include <doctest/doctest.h>

namespace {

using namespace dsar;

const Identity email{"email", "ada@example.com"};
const Identity phone{"phone", "+441632960001"};
const Identity account{"account", "12"};

LinkedRow linked(const char* key, const Identity& via, std::size_t from, bool weak = false) {
  return {{"visitors", "visitor", "6", {key}, {}}, via, from, weak};
}

Closure found(std::vector<LinkedRow> rows) {
  Closure closure;
  closure.outcome = ClosureOutcome::found;
  closure.rows = std::move(rows);
  return closure;
}

SubjectKeys visitors(std::vector<std::vector<std::string>> keys) {
  return {{"visitors", std::move(keys)}};
}

}  // namespace

TEST_CASE("what is asked for, and what strong identities lead to, is the person's for certain") {
  const auto closure = found({linked("1", email, 0), linked("2", account, 0)});
  CHECK(proven_keys(closure, {}) == visitors({{"1"}, {"2"}}));
}

TEST_CASE("what a weak identity joins is not certain beside what is") {
  const auto closure = found({linked("1", email, 0), linked("3", phone, 0, true)});
  CHECK(proven_keys(closure, {}) == visitors({{"1"}}));
}

TEST_CASE("what was asked for by a weak identity alone is whoever has it") {
  const auto closure = found({linked("3", phone, 0, true), linked("4", phone, 1, true)});
  CHECK(proven_keys(closure, {}) == visitors({{"3"}, {"4"}}));
}

TEST_CASE("an officer's word proves nothing, nor what it leads to") {
  const auto closure =
      found({linked("1", email, 0), linked("5", phone, 1), linked("6", account, 1)});
  CHECK(proven_keys(closure, {phone}) == visitors({{"1"}}));
  CHECK(proven_keys(closure, {}) == visitors({{"1"}, {"5"}, {"6"}}));
}

TEST_CASE("while it is not known who is meant nothing is anybody's for certain") {
  auto closure = found({linked("1", email, 0)});
  closure.outcome = ClosureOutcome::several_people;
  CHECK(proven_keys(closure, {}).empty());
}
