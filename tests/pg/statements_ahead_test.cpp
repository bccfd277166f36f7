#include "core/pg/statements_ahead.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <set>
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
  Connection connection = database.connect();
  ConnectionPool pool{"dbname=" + database.name()};
};

}  // namespace

TEST_CASE(
    "statements are answered in whatever order, also what nobody expected and what is asked "
    "again") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  StatementsAhead ahead(
      world.connection, world.pool, 2,
      list({statement("SELECT ", "a"), statement("SELECT ", "b"), statement("SELECT 3")}));
  const auto answer = [&](const SqlStatement& asked) {
    return ahead.answer({asked, run})->text(0, 0);
  };
  CHECK(answer(statement("SELECT 3")) == "3");
  CHECK(answer(statement("SELECT ", "b")) == "b");
  CHECK(answer(statement("SELECT ", "a")) == "a");
  CHECK(answer(statement("SELECT ", "c")) == "c");
  CHECK(answer(statement("SELECT ", "a")) == "a");
}

TEST_CASE("several connections answer, and see what the asker's snapshot sees") {
  World world;
  auto other = world.database.connect();
  other.exec("CREATE TABLE public.line (n int); INSERT INTO public.line VALUES (1)");
  const Transaction transaction(world.connection, TransactionMode::read_only);
  world.connection.exec("SELECT count(*) FROM public.line");
  other.exec("INSERT INTO public.line VALUES (2)");
  std::vector<SqlStatement> statements;
  for (const auto* name : {"a", "b", "c", "d"})
    statements.push_back(statement(
        "SELECT count(*), pg_backend_pid(), pg_sleep(0.2) FROM public.line WHERE '' < ", name));
  StatementsAhead ahead(world.connection, world.pool, 1, list(statements));
  std::set<std::string> backends;
  for (const auto& one : statements) {
    const auto answer = ahead.answer({one, run});
    CHECK(answer->text(0, 0) == "1");
    backends.insert(answer->text(0, 1));
  }
  CHECK(backends.size() == 2);
}

TEST_CASE("what fails is told to who asks for it, and to nobody else") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  StatementsAhead ahead(world.connection, world.pool, 1,
                        list({statement("SELECT 'slow', pg_sleep(0.3)"), statement("SELECT 1 / 0"),
                              statement("SELECT 2 / 0"), statement("SELECT 'fine'")}));
  CHECK(ahead.answer({statement("SELECT 'slow', pg_sleep(0.3)"), run})->text(0, 0) == "slow");
  CHECK(ahead.answer({statement("SELECT 'fine'"), run})->text(0, 0) == "fine");
  CHECK_THROWS_AS(ahead.answer({statement("SELECT 1 / 0"), run}), ServerError);
}

TEST_CASE("without further connections the asker does it all") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  ConnectionPool nowhere("host=/nowhere");
  StatementsAhead ahead(world.connection, nowhere, 2,
                        list({statement("SELECT 1"), statement("SELECT 2")}));
  CHECK(ahead.answer({statement("SELECT 1"), run})->text(0, 0) == "1");
  CHECK(ahead.answer({statement("SELECT 2"), run})->text(0, 0) == "2");
}

TEST_CASE("without the right to export a snapshot the asker does it all") {
  World world;
  const auto role = world.database.name() + "_plain";
  world.connection.exec(
      "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_export_snapshot() FROM PUBLIC;"
      "CREATE ROLE \"" +
      role + "\" LOGIN");
  {
    auto plain = world.database.connect("user=" + role);
    const Transaction transaction(plain, TransactionMode::read_only);
    StatementsAhead ahead(plain, world.pool, 2,
                          list({statement("SELECT current_user"), statement("SELECT 2")}));
    CHECK(ahead.answer({statement("SELECT current_user"), run})->text(0, 0) == role);
    CHECK(ahead.answer({statement("SELECT 2"), run})->text(0, 0) == "2");
  }
  world.connection.exec("DROP ROLE \"" + role + "\"");
}

TEST_CASE("statements ahead do not outlive who asks") {
  World world;
  const Transaction transaction(world.connection, TransactionMode::read_only);
  const auto start = std::chrono::steady_clock::now();
  {
    StatementsAhead ahead(
        world.connection, world.pool, 1,
        list({statement("SELECT pg_sleep(60)"), statement("SELECT pg_sleep(61)")}));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
}
