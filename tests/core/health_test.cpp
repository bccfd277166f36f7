#include "core/health.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace dsar;

namespace {

/// A server about which there is nothing to say.
ServerFacts healthy() {
  ServerFacts facts;
  facts.host = "/run/postgresql";
  facts.port = "5432";
  facts.same_machine = true;
  facts.database = "chat";
  facts.role = "ada";
  facts.server_version = 150018;
  facts.client_version = 150018;
  facts.encoding = "UTF8";
  facts.schema_version = 1;
  facts.known_schema_version = 1;
  facts.settings = {{"log_statement", "none"},
                    {"log_min_duration_statement", "-1"},
                    {"log_min_duration_sample", "-1"},
                    {"log_statement_sample_rate", "1"},
                    {"log_parameter_max_length", "-1"},
                    {"log_min_error_statement", "error"},
                    {"log_transaction_sample_rate", "0"},
                    {"log_parameter_max_length_on_error", "0"}};
  return facts;
}

std::vector<HealthLine> of(const std::vector<HealthLine>& lines, const std::string& check) {
  std::vector<HealthLine> found;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
               [&](const HealthLine& line) { return line.check == check; });
  return found;
}

/// The one line of that check.
HealthLine the(const ServerFacts& facts, const std::string& check) {
  const auto lines = of(check_server(facts), check);
  REQUIRE(lines.size() == 1);
  return lines.front();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

DataMap map_of(const std::string& column, Normalisation normalisation) {
  DataMap map;
  IdentityKind kind;
  kind.name = "email";
  kind.normalisation = normalisation;
  map.identities = {kind};
  RecordSet set;
  set.name = "people";
  IdentitySource source;
  source.kind = "email";
  source.columns = {column};
  set.identities = {source};
  Table table;
  table.name = {"desk", "person"};
  table.sets = {set};
  for (const auto* name : {"id", "email", "hash"}) {
    ColumnRule rule;
    rule.name = name;
    rule.use = std::string(name) == "hash" ? ColumnUse::secret : ColumnUse::personal;
    table.columns.push_back(rule);
  }
  map.tables = {table};
  return map;
}

Catalogue catalogue_of(double rows, const std::string& type) {
  CatalogueTable table;
  table.name = {"desk", "person"};
  table.estimated_rows = rows;
  for (const auto* name : {"id", "email", "hash"}) {
    CatalogueColumn column;
    column.name = name;
    column.type = column.base_type = type;
    table.columns.push_back(column);
  }
  Catalogue catalogue;
  catalogue.role = "ada";
  catalogue.tables.emplace(table.name, table);
  return catalogue;
}

CatalogueTable& person(Catalogue& catalogue) {
  return catalogue.tables.begin()->second;
}

}  // namespace

TEST_CASE("nothing is found on a healthy server") {
  for (const auto& line : check_server(healthy())) {
    CAPTURE(line.check);
    CAPTURE(line.message);
    CHECK(line.health == Health::ok);
    CHECK(line.hint.empty());
  }
}

TEST_CASE("a connection across the network is to be encrypted, and the server known") {
  auto facts = healthy();
  facts.host = "db.example.com";
  facts.same_machine = false;
  CHECK(the(facts, "connection").health == Health::warning);
  CHECK(contains(the(facts, "connection").message, "db.example.com:5432, not encrypted"));
  facts.tls = "TLSv1.3";
  CHECK(the(facts, "connection").health == Health::warning);
  CHECK(contains(the(facts, "connection").hint, "verify-full"));
  facts.certificate_checked = true;
  CHECK(the(facts, "connection").health == Health::ok);
}

TEST_CASE("versions are judged: too old, tested, untried") {
  auto facts = healthy();
  facts.server_version = 120015;
  CHECK(the(facts, "server").health == Health::error);
  CHECK(contains(the(facts, "server").message, "PostgreSQL 12.15"));
  for (const int tested : {150000, 170009}) {
    facts.server_version = tested;
    CHECK(the(facts, "server").health == Health::ok);
  }
  for (const int untried : {130000, 160003, 180000}) {
    facts.server_version = untried;
    CHECK(the(facts, "server").health == Health::warning);
  }
  facts.client_version = 110000;
  CHECK(the(facts, "client").health == Health::warning);
}

TEST_CASE("a superuser, a standby and a transaction pooler are warned of") {
  auto facts = healthy();
  facts.superuser = true;
  facts.in_recovery = true;
  facts.pooling = Pooling::transaction;
  CHECK(the(facts, "role").health == Health::warning);
  CHECK(contains(the(facts, "role").hint, "init --grants"));
  CHECK(the(facts, "standby").health == Health::warning);
  CHECK(the(facts, "pooler").health == Health::warning);
  facts.pooling = Pooling::session;
  CHECK(the(facts, "pooler").health == Health::ok);
}

TEST_CASE("the tool's own schema may be absent, old, new or closed") {
  auto facts = healthy();
  facts.known_schema_version = 3;
  facts.schema_version = 0;
  CHECK(the(facts, "schema").health == Health::warning);
  facts.schema_version = 2;
  CHECK(the(facts, "schema").health == Health::warning);
  facts.schema_version = 3;
  CHECK(the(facts, "schema").health == Health::ok);
  facts.schema_version = 4;
  CHECK(the(facts, "schema").health == Health::error);
  facts.schema_version.reset();
  CHECK(the(facts, "schema").health == Health::error);
}

TEST_CASE("a clock may be off by seconds, not by minutes, in either direction") {
  auto facts = healthy();
  using namespace std::chrono_literals;
  const auto health = [&](std::chrono::milliseconds ahead) {
    facts.clock_ahead = ahead;
    return the(facts, "clock").health;
  };
  CHECK(health(4999ms) == Health::ok);
  CHECK(health(-4999ms) == Health::ok);
  CHECK(health(5s) == Health::warning);
  CHECK(contains(the(facts, "clock").message, "5 s ahead"));
  CHECK(health(-9min) == Health::warning);
  CHECK(contains(the(facts, "clock").message, "540 s behind"));
  CHECK(health(10min) == Health::error);
}

TEST_CASE("a server that logs bound values is found out, however it was told to") {
  struct Case {
    std::map<std::string, std::string> settings;
    bool warned;
    std::string hint;
  };
  const std::vector<Case> cases{
      {{{"log_statement", "all"}}, true, "log_parameter_max_length = 0"},
      {{{"log_statement", "mod"}}, true, "log_parameter_max_length = 0"},
      {{{"log_statement", "ddl"}}, false, ""},
      {{{"log_statement", "all"}, {"log_parameter_max_length", "0"}}, false, ""},
      {{{"log_min_duration_statement", "250"}}, true, "log_parameter_max_length = 0"},
      {{{"log_min_duration_statement", "0"}}, true, "log_parameter_max_length = 0"},
      {{{"log_min_duration_sample", "100"}}, true, "log_parameter_max_length = 0"},
      {{{"log_min_duration_sample", "100"}, {"log_statement_sample_rate", "0"}}, false, ""},
      {{{"log_transaction_sample_rate", "0.1"}}, true, "log_parameter_max_length = 0"},
      {{{"log_parameter_max_length_on_error", "-1"}}, true, "on_error = 0"},
      {{{"log_parameter_max_length_on_error", "-1"}, {"log_min_error_statement", "panic"}},
       false,
       ""},
      {{{"auto_explain.log_min_duration", "100"}, {"auto_explain.log_parameter_max_length", "-1"}},
       true,
       "auto_explain"},
      {{{"pgaudit.log", "read"}, {"pgaudit.log_parameter", "on"}}, true, "pgaudit"},
      {{{"pgaudit.log", "read"}, {"pgaudit.log_parameter", "off"}}, false, ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.settings.begin()->first);
    CAPTURE(c.settings.begin()->second);
    auto facts = healthy();
    for (const auto& [name, value] : c.settings) facts.settings[name] = value;
    const auto logging = the(facts, "server log");
    CHECK((logging.health == Health::warning) == c.warned);
    CHECK(contains(logging.hint, c.hint));
  }
}

TEST_CASE("every table and column that cannot be seen is listed, with what would open it") {
  const auto map = map_of("email", Normalisation::exact);
  auto catalogue = catalogue_of(100, "text");
  CHECK(of(check_access(map, catalogue), "access").front().health == Health::ok);

  person(catalogue).columns[1].readable = false;
  auto lines = check_access(map, catalogue);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].health == Health::error);
  CHECK(contains(lines[0].message, "no SELECT privilege on desk.person (email)"));
  CHECK(lines[0].hint == R"(Run: GRANT SELECT ("email") ON TABLE "desk"."person" TO "ada";)");

  person(catalogue).columns[1].readable = true;
  person(catalogue).columns[2].readable = false;  // secret: nobody needs it
  CHECK(check_access(map, catalogue).front().health == Health::ok);

  person(catalogue).row_security = true;
  lines = check_access(map, catalogue);
  REQUIRE(lines.size() == 1);
  CHECK(contains(lines[0].message, "row-level security hides rows of desk.person"));

  person(catalogue).row_security = false;
  person(catalogue).readable = false;
  lines = check_access(map, catalogue);
  REQUIRE(lines.size() == 1);
  CHECK(contains(lines[0].hint, R"(GRANT SELECT ("email", "id") ON TABLE "desk"."person")"));

  person(catalogue).readable = true;
  person(catalogue).columns.erase(person(catalogue).columns.begin());
  CHECK(contains(check_access(map, catalogue).front().message,
                 "lacks 1 of what the map reads: desk.person.id"));
  catalogue.tables.clear();
  CHECK(contains(check_access(map, catalogue).front().message,
                 "lacks 1 of what the map reads: desk.person"));
}

TEST_CASE("sets that can be read but hang on closed roots alone are named") {
  auto map = map_of("email", Normalisation::exact);
  auto catalogue = catalogue_of(100, "text");
  for (const auto* name : {"letters", "calls"}) {
    Table table;
    table.name = {"desk", name};
    table.sets.emplace_back().name = name;
    table.sets.front().links.emplace_back().to = "people";
    map.tables.push_back(table);
    catalogue.tables[table.name].name = table.name;
  }
  auto& people = catalogue.tables.at({"desk", "person"});
  CHECK(check_access(map, catalogue).front().health == Health::ok);
  people.readable = false;
  auto lines = check_access(map, catalogue);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1].message == "finds no rows of 2 sets that hang on people alone: letters, calls");
  catalogue.tables[{"desk", "calls"}].readable = false;
  lines = check_access(map, catalogue);
  CHECK(lines.back().message == "finds no rows of 1 set that hangs on people alone: letters");

  // Another way to them, and they are found.
  auto live = people;
  live.readable = true;
  live.name = {"desk", "agent"};
  catalogue.tables[live.name] = live;
  auto agents = map.tables.front();
  agents.name = live.name;
  agents.sets.front().name = "agents";
  map.tables.push_back(agents);
  map.tables.at(1).sets.front().links.emplace_back().to = "agents";
  for (const auto& line : check_access(map, catalogue))
    CHECK_FALSE(contains(line.message, "finds no rows"));
}

TEST_CASE("an identity in a large table wants an index on what is compared") {
  const auto map = map_of("email", Normalisation::folded);
  auto catalogue = catalogue_of(50000, "character varying");
  auto lines = check_indexes(map, catalogue);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].health == Health::warning);
  CHECK(contains(lines[0].message, R"(has no index on "email" as email is compared)"));
  CHECK(lines[0].hint ==
        R"(Run: CREATE INDEX CONCURRENTLY ON "desk"."person" ((lower(btrim(("email")::text))));)");

  person(catalogue).indexes = {{"plain", {"email"}, false, false}};
  CHECK(check_indexes(map, catalogue).front().health == Health::warning);
  person(catalogue).indexes = {{"partial", {"lower(btrim((email)::text))"}, false, true}};
  CHECK(check_indexes(map, catalogue).front().health == Health::warning);
  person(catalogue).indexes = {{"good", {"lower(btrim((email)::text))"}, false, false}};
  CHECK(check_indexes(map, catalogue).front().health == Health::ok);

  person(catalogue).indexes.clear();
  person(catalogue).estimated_rows = 500;
  CHECK(check_indexes(map, catalogue).front().health == Health::ok);
}

TEST_CASE("an exact identity is served by a plain index only where no conversion is needed") {
  const auto map = map_of("id", Normalisation::exact);
  for (const auto* type : {"bigint", "uuid", "text"}) {
    auto catalogue = catalogue_of(50000, type);
    CHECK(contains(check_indexes(map, catalogue).front().hint, R"("desk"."person" ("id"))"));
    person(catalogue).indexes = {{"plain", {"id"}, false, false}};
    CHECK(check_indexes(map, catalogue).front().health == Health::ok);
  }
}

TEST_CASE("an exact identity of another type wants an index on its text") {
  const auto map = map_of("id", Normalisation::exact);
  auto catalogue = catalogue_of(50000, "numeric");
  CHECK(
      contains(check_indexes(map, catalogue).front().hint, R"("desk"."person" ((("id")::text)))"));
  person(catalogue).indexes = {{"plain", {"id"}, false, false}};
  CHECK(check_indexes(map, catalogue).front().health == Health::warning);
  person(catalogue).indexes = {{"text", {"((id)::text)"}, false, false}};
  CHECK(check_indexes(map, catalogue).front().health == Health::ok);
}

TEST_CASE("a link into a large table wants an index on the columns that point to the subject") {
  auto map = map_of("email", Normalisation::exact);
  map.tables.front().sets.front().identities.clear();
  Link link;
  Hop hop;
  hop.table = {"desk", "membership"};
  hop.match = {{"email", "person_email"}};
  link.via = {hop};
  link.match = {{"company_id", "id"}};
  map.tables.front().sets.front().links = {link};
  auto catalogue = catalogue_of(50000, "text");
  auto membership = person(catalogue);
  membership.name = {"desk", "membership"};
  membership.kind = 'p';
  catalogue.tables.emplace(membership.name, membership);
  const auto lines = check_indexes(map, catalogue);
  REQUIRE(lines.size() == 2);
  CHECK(contains(lines[0].hint, R"(CONCURRENTLY ON "desk"."person" ("email"))"));
  CHECK(contains(lines[1].hint, R"(CREATE INDEX ON "desk"."membership" ("company_id"))"));

  // Behind a column that a predicate tells, it serves as well; further behind it does not.
  auto& indexes = catalogue.tables.at({"desk", "person"}).indexes;
  indexes = {{"i", {"kind", "email"}, false, false}};
  CHECK(check_indexes(map, catalogue).size() == 1);
  indexes = {{"i", {"kind", "at", "email"}, false, false}};
  CHECK(check_indexes(map, catalogue).size() == 2);
}
