#include "core/erasure_rows.hpp"

#include <doctest/doctest.h>

#include "core/crypto/sha256.hpp"
#include "core/erasure_scope.hpp"

using namespace dsar;

namespace {

Table messages() {
  Table table;
  table.name = {"desk", "message"};
  table.sets.emplace_back().name = "messages";
  return table;
}

ErasureRows rows_of(const Table& table, const std::vector<std::string>& ids) {
  ErasureRows rows;
  rows.set = {&table, &table.sets.front()};
  rows.columns = {{"id", "bigint"}, {"note", "text"}};
  rows.address = 1;
  rows.values.resize(2);
  for (const auto& id : ids) {
    rows.values[0].emplace_back(id);
    rows.values[1].emplace_back(std::nullopt);
    rows.relation.push_back(Relation::own);
    rows.masked.push_back(false);
    rows.fate.push_back(RowFate::remove);
    rows.ground.push_back(0);
  }
  return rows;
}

}  // namespace

TEST_CASE("rows are bound as arrays, NULLs and quotes included") {
  CHECK(nullable_array({}) == "{}");
  CHECK(nullable_array({"1", std::nullopt, "a\"b\\c"}) == R"({"1",NULL,"a\"b\\c"})");
  const auto table = messages();
  const auto rows = rows_of(table, {"1", "2", "3"});
  SqlStatement statement;
  CHECK(rows_as(rows, {0, 2}, {0}, "k", true, statement) ==
        R"(unnest($1::bigint[]) WITH ORDINALITY AS "k"("k0", "kn"))");
  CHECK(statement.params() == std::vector<std::optional<std::string>>{R"({"1","3"})"});
  CHECK(rows_by_name(rows, {1}, {0, 1}, "that", statement) ==
        R"(unnest($2::bigint[], $3::text[]) AS "that"("id", "note"))");
  CHECK(same_address(rows.columns, rows.address, "t0", "k") == R"("t0"."id" = "k"."k0")");
}

TEST_CASE("a digest is the same whatever the rows' order, and another for other rows") {
  const auto hash = [](const std::string& text) { return sha256_hex(text); };
  const auto table = messages();
  const auto digest = digest_of(rows_of(table, {"1", "2", "3"}), hash);
  CHECK(digest.rows == 3);
  CHECK(digest.sum.size() == 64);
  CHECK(digest.sum == digest_of(rows_of(table, {"3", "1", "2"}), hash).sum);
  CHECK(digest.sum != digest_of(rows_of(table, {"1", "2", "4"}), hash).sum);
  CHECK(digest.sum != digest_of(rows_of(table, {"1", "2"}), hash).sum);
  auto other = table;
  other.sets.front().name = "notes";
  CHECK(digest.sum != digest_of(rows_of(other, {"1", "2", "3"}), hash).sum);
}

TEST_CASE("lines count rows by what becomes of them and why") {
  const auto table = messages();
  auto rows = rows_of(table, {"1", "2", "3", "4"});
  rows.decide(1, RowFate::keep, {Cause::hold, "hold 7", "", {}});
  rows.decide(3, RowFate::keep, {Cause::hold, "hold 7", "", {}});
  rows.decide(2, RowFate::keep, {Cause::shared, "desk.copy", "", {}});
  const auto lines = lines_of(rows);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].rows == 1);
  CHECK(lines[1].rows == 2);
  CHECK(lines[1].ground.by == "hold 7");
  CHECK(withholds(lines[1].ground.cause));
  CHECK_FALSE(withholds(lines[2].ground.cause));
  CHECK(rows.with(RowFate::remove) == std::vector<std::size_t>{0});
}

TEST_CASE("a scope's digest is about what was decided, not about how many rows there are") {
  const auto table = messages();
  const ErasureScope scope{"chat", "map", "policy", "6", {{"visitors", {{"1"}, {"2"}}}}};
  const auto digest = scope_digest(scope, {rows_of(table, {"1"})}, "key");
  CHECK(digest == scope_digest(scope, {rows_of(table, {"1", "2"})}, "key"));
  CHECK(digest != scope_digest(scope, {rows_of(table, {"1"})}, "another key"));
  auto held = rows_of(table, {"1", "2"});
  held.decide(0, RowFate::keep, {Cause::hold, "hold 7", "", {}});
  CHECK(digest != scope_digest(scope, {held}, "key"));
  auto other = scope;
  other.subject["visitors"].push_back({"3"});
  CHECK(digest != scope_digest(other, {rows_of(table, {"1"})}, "key"));
  other = scope;
  other.subject["visitors"] = {{"2"}, {"1"}};
  CHECK(digest == scope_digest(other, {rows_of(table, {"1"})}, "key"));
}
