#include <doctest/doctest.h>

#include "core/health.hpp"
#include "core/identity.hpp"
#include "core/pg/catalogue.hpp"
#include "core/searchable_json.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;

namespace {

const TableName people{"public", "people"};

IdentityKind kind_of(const std::string& name, Normalisation normalisation) {
  IdentityKind kind;
  kind.name = name;
  kind.normalisation = normalisation;
  kind.region = "GB";
  return kind;
}

/// A map of one table with one set, and what it takes to look for somebody in it.
class Search {
 public:
  explicit Search(const std::string& ddl)
      : connection_((pg::Connection("dbname=" + database_.name()).exec(ddl), database_.connect())),
        catalogue_(pg::read_catalogue(connection_)) {
    Table table;
    table.name = people;
    table.sets.resize(1);
    map_.tables.push_back(table);
    map_.identities = {kind_of("exact", Normalisation::exact),
                       kind_of("folded", Normalisation::folded),
                       kind_of("phone", Normalisation::phone)};
  }

  /// The ids of the rows found, in their order, with commas.
  std::string ids(const IdentitySource& source, const std::vector<std::string>& values) {
    return ask("SELECT string_agg(id::text, ',' ORDER BY id)", source, values);
  }

  /// What doctor says of the indexes, when rows are looked for in `source`.
  std::vector<HealthLine> indexes(const IdentitySource& source) {
    map_.tables.front().sets.front().identities = {source};
    return check_indexes(map_, catalogue_);
  }

  /// Runs a statement as the owner would, and looks at the catalogue again.
  void alter(const std::string& statement) {
    database_.connect().exec(statement);
    catalogue_ = pg::read_catalogue(connection_);
  }

  std::string plan(const IdentitySource& source, const std::vector<std::string>& values) {
    return ask("EXPLAIN SELECT 1", source, values);
  }

 private:
  std::string ask(const std::string& select, const IdentitySource& source,
                  const std::vector<std::string>& values) {
    const SetRef ref{&map_.tables.front(), &map_.tables.front().sets.front()};
    SqlStatement statement;
    const auto holds = holds_sql(map_, catalogue_, ref, source, "t0", values, statement);
    const pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
    const auto answer =
        connection_.exec(select + " FROM public.people AS t0 WHERE " + holds, statement.params());
    std::string lines;
    for (std::size_t r = 0; r < answer->rows(); ++r) lines += answer->text(r, 0) + "\n";
    if (!lines.empty()) lines.pop_back();
    return lines;
  }

  pg::TemporaryDatabase database_;
  pg::Connection connection_;
  Catalogue catalogue_;
  DataMap map_;
};

IdentitySource column(const std::string& kind, const std::string& name) {
  IdentitySource source;
  source.kind = kind;
  source.columns = {name};
  return source;
}

IdentitySource json(const std::string& name, const std::string& path) {
  IdentitySource source;
  source.kind = "folded";
  source.json_column = name;
  source.json_path = path;
  return source;
}

bool uses(const std::string& plan, const std::string& index) {
  return plan.find(index) != std::string::npos && plan.find("Seq Scan") == std::string::npos;
}

}  // namespace

TEST_CASE("JSON that jsonb has no place for is read without it") {
  pg::Connection connection("");
  const auto read = [&](const std::string& text) {
    return connection.exec("SELECT " + searchable_json_sql("$1::json") + "::text", {text})
        ->text(0, 0);
  };
  CHECK(read(R"({"a": "x\u0000y"})") == R"({"a": "xy"})");
  CHECK(read(R"(["\u0000\u0000", "\\u0000", "\\\u0000."])") == R"(["", "\\u0000", "\\."])");
  CHECK(read(R"(["\ud83d", "\udE00", "\ud83d\ud83d\ude00!"])") == "[\"\", \"\", \"😀!\"]");
  CHECK(read(R"(["\\ud83d\ude00"])") == R"(["\\ud83d"])");
  CHECK(read(R"({"n": 1e200000, "m": -2.5E-99999, "s": "1e200000", "k": 1e3})") ==
        R"({"k": 1000, "m": -2.5, "n": 1, "s": "1e200000"})");
  CHECK(read("[" + std::string(140'000, '7') + ", \"" + std::string(300, '7') + "\"]") ==
        "[7, \"" + std::string(300, '7') + "\"]");
  CHECK(read(R"(["Zo\u00eb", "a\"1e200000\"", {"\u0000k": 0.10}])") ==
        R"(["Zoë", "a\"1e200000\"", {"k": 0.10}])");
}

TEST_CASE("a row whose JSON jsonb cannot hold does not end the search for others") {
  Search search(R"(CREATE TABLE people (id int, doc json, docb jsonb);
    INSERT INTO people VALUES
      (1, '{"email": "Ada@example.com"}', '{"email": "ada@example.com"}'),
      (2, '{"email": "mallory@example.com", "bio": "\u0000 \ud800", "n": 1e999999}', NULL),
      (3, '{"email": "brook@example.com\u0000"}', '[]'), (4, '[]', '{"email": {}}'))");
  CHECK(search.ids(json("doc", "$.email"), {"ada@example.com"}) == "1");
  CHECK(search.ids(json("doc", "$.email"), {"mallory@example.com"}) == "2");
  CHECK(search.ids(json("doc", "$.email"), {"nobody@example.com"}).empty());
  CHECK(search.ids(json("docb", "$.email"), {"ada@example.com"}) == "1");
}

TEST_CASE("a value that is none of the column's type is nobody's") {
  Search search(R"(CREATE TABLE people (id int, number bigint, token uuid, tokens uuid[]);
    INSERT INTO people VALUES
      (1, 42, '0e37df36-f698-11e6-8dd4-cb9ced3df976', '{0e37df36-f698-11e6-8dd4-cb9ced3df976}'),
      (2, 43, NULL, '{}'))");
  CHECK(search.ids(column("exact", "number"), {"42", "x", "99999999999999999999", "'"}) == "1");
  CHECK(search.ids(column("exact", "number"), {"042"}).empty());
  const std::string token = "0e37df36-f698-11e6-8dd4-cb9ced3df976";
  CHECK(search.ids(column("exact", "token"), {"no token", "", token}) == "1");
  for (const auto* other :
       {"0E37DF36-F698-11E6-8DD4-CB9CED3DF976",
        "{"
        "}",
        "", "0e37df36f69811e68dd4cb9ced3df976", "0e37df36-f698-11e6-8dd4-cb9ced3df97g",
        "0e37df36-f698-11e6-8dd4-cb9ced3df9766"}) {
    CAPTURE(other);
    CHECK(search.ids(column("exact", "token"), {other}).empty());
  }
  auto tokens = column("exact", "tokens");
  tokens.array = true;
  CHECK(search.ids(tokens, {"x", token}) == "1");
}

TEST_CASE("a search uses the index that an identity's kind and type allow") {
  const std::string phone = normalised_sql(kind_of("phone", Normalisation::phone), "phone");
  const std::string email = normalised_sql(kind_of("folded", Normalisation::folded), "email");
  Search search(
      "CREATE TABLE people (id int, number bigint, token uuid, name varchar(40), tags text[], "
      "email text, phone text);"
      "INSERT INTO people SELECT n, n, md5(n::text)::uuid, 'name ' || n, ARRAY['tag ' || n], "
      "'Person' || n || '@Example.com ', '07700 ' || 900000 + n FROM generate_series(1, 5000) n;"
      "CREATE INDEX by_number ON people (number); CREATE INDEX by_token ON people (token);"
      "CREATE INDEX by_name ON people (name); CREATE INDEX by_tags ON people USING gin (tags);"
      "CREATE INDEX by_email ON people ((" +
      email +
      "));"
      "CREATE INDEX by_phone ON people ((" +
      phone + ")); ANALYZE people");
  auto tags = column("exact", "tags");
  tags.array = true;
  const std::string token = "a1d0c6e8-3f02-7327-d846-1063f4ac58a6";  // md5 of 42
  const struct {
    IdentitySource source;
    std::string value;
    std::string index;
  } cases[] = {{column("exact", "number"), "42", "by_number"},
               {column("exact", "token"), token, "by_token"},
               {column("exact", "name"), "name 42", "by_name"},
               {tags, "tag 42", "by_tags"},
               {column("folded", "email"), "person42@example.com", "by_email"},
               {column("phone", "phone"), "+447700900042", "by_phone"}};
  for (const auto& one : cases) {
    const auto plan = search.plan(one.source, {one.value, one.value});
    CAPTURE(plan);
    CHECK(uses(plan, one.index));
    CHECK(search.ids(one.source, {one.value}) == "42");
  }
}

TEST_CASE("the index that doctor advises is the one that a search then uses") {
  Search search(
      "CREATE TABLE people (id int, phone varchar(40), email text);"
      "INSERT INTO people SELECT n, '07700 ' || 900000 + n, n || '@example.com' "
      "FROM generate_series(1, 12000) n; ANALYZE people");
  for (const auto* name : {"phone", "email"}) {
    const auto source = column(name == std::string("phone") ? "phone" : "folded", name);
    const auto lines = search.indexes(source);
    REQUIRE(lines.size() == 1);
    REQUIRE(lines[0].health == Health::warning);
    REQUIRE(lines[0].hint.starts_with("Run: "));
    search.alter(lines[0].hint.substr(5));
    CHECK(search.indexes(source).front().health == Health::ok);
    const auto plan = search.plan(source, {"nobody", "none"});
    CAPTURE(plan);
    CHECK(uses(plan, "people_"));
  }
}
