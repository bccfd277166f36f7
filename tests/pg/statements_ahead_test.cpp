#include "core/pg/statements_ahead.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

std::unique_ptr<Result> run(Connection& connection, const SqlStatement& statement) {
  return connection.exec(statement.text, statement.params());
}

SqlStatement statement(const std::string& text, const std::optional<std::string>& value = {}) {
  SqlStatement made;
  made.text = text;
  if (value) made.text += made.bind(*value, "text");
  return made;
}

std::vector<AheadStatement> list(const std::vector<SqlStatement>& statements) {
  std::vector<AheadStatement> all;
  for (const auto& one : statements) all.push_back({one, run});
  return all;
}

struct World {
  TemporaryDatabase database;
  std::string conninfo = "dbname=" + database.name();
  Connection connection = database.connect();
};

}  // namespace

TEST_CASE("statements ahead are answered once each, whatever the order of asking") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  StatementsAhead ahead(
      world.connection, world.conninfo, 2,
      list({statement("SELECT ", "a"), statement("SELECT ", "b"), statement("SELECT 3")}));
  CHECK(ahead.take(statement("SELECT 3"))->text(0, 0) == "3");
  CHECK(ahead.take(statement("SELECT ", "b"))->text(0, 0) == "b");
  CHECK(ahead.take(statement("SELECT ", "a"))->text(0, 0) == "a");
  CHECK(ahead.take(statement("SELECT ", "c")) == nullptr);
  CHECK(ahead.take(statement("SELECT ", "a")) == nullptr);
}

TEST_CASE("statements ahead see what the asker's snapshot sees") {
  World world;
  auto other = world.database.connect();
  other.exec("CREATE TABLE public.line (n int); INSERT INTO public.line VALUES (1)");
  const Transaction transaction(world.connection, TransactionMode::read_only);
  world.connection.exec("SELECT count(*) FROM public.line");
  other.exec("INSERT INTO public.line VALUES (2)");
  StatementsAhead ahead(world.connection, world.conninfo, 1,
                        list({statement("SELECT count(*) FROM public.line")}));
  CHECK(ahead.take(statement("SELECT count(*) FROM public.line"))->text(0, 0) == "1");
}

TEST_CASE("what fails ahead is left to the asker, and so is all that comes after") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  StatementsAhead ahead(world.connection, world.conninfo, 1,
                        list({statement("SELECT 1 / 0"), statement("SELECT 2")}));
  CHECK(ahead.take(statement("SELECT 1 / 0")) == nullptr);
  CHECK(ahead.take(statement("SELECT 2")) == nullptr);
  CHECK(world.connection.exec("SELECT 2")->text(0, 0) == "2");
}

TEST_CASE("without further connections the asker does it all") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  StatementsAhead ahead(world.connection, "host=/nowhere", 2, list({statement("SELECT 1")}));
  CHECK(ahead.take(statement("SELECT 1")) == nullptr);
}

TEST_CASE("without the right to export a snapshot the asker does it all") {
  World world;
  world.connection.exec(
      "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_export_snapshot() FROM PUBLIC;"
      "CREATE ROLE \"" +
      world.database.name() + "_plain\" LOGIN");
  {
    auto plain = world.database.connect("user=" + world.database.name() + "_plain");
    const Transaction transaction(plain, TransactionMode::read_only);
    StatementsAhead ahead(plain, world.conninfo, 2, list({statement("SELECT 1")}));
    CHECK(ahead.take(statement("SELECT 1")) == nullptr);
    CHECK(plain.exec("SELECT 1")->text(0, 0) == "1");
  }
  world.connection.exec("DROP ROLE \"" + world.database.name() + "_plain\"");
}

TEST_CASE("statements ahead do not outlive who asks") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  const auto start = std::chrono::steady_clock::now();
  {
    StatementsAhead ahead(world.connection, world.conninfo, 1,
                          list({statement("SELECT pg_sleep(60)")}));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
}
