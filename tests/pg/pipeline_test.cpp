#include <libpq-fe.h>
#include <sys/socket.h>

#include "tests/pg/errors.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

SqlStatement adding(const std::string& value, const std::string& type = "integer") {
  SqlStatement statement;
  statement.text = "INSERT INTO public.numbers VALUES (" + statement.bind(value, type) + ")";
  return statement;
}

struct Numbers {
  TemporaryDatabase database;
  Connection connection = database.connect();

  Numbers() { connection.exec("CREATE TABLE public.numbers (n integer UNIQUE)"); }

  std::string all() {
    return connection.exec("SELECT string_agg(n::text, ' ' ORDER BY n) FROM public.numbers")
        ->text(0, 0);
  }
};

}  // namespace

TEST_CASE("statements that are sent together are answered in their order") {
  Numbers numbers;
  Transaction transaction(numbers.connection, TransactionMode::read_write, {adding("1")});
  CHECK(transaction.begun_with().size() == 1);
  CHECK(transaction.begun_with().front()->affected() == 1);
  SqlStatement ask;
  ask.text = "SELECT n, NULL, " + ask.bind("x", "text") + " FROM public.numbers ORDER BY n";
  const auto results = numbers.connection.exec_all({adding("2"), ask, adding("3")});
  REQUIRE(results.size() == 3);
  CHECK(results[1]->rows() == 2);
  CHECK(results[1]->text(1, 0) == "2");
  CHECK_FALSE(results[1]->at(1, 1));
  CHECK(results[1]->at(0, 2) == "x");
  CHECK(transaction.commit_after({adding("4"), adding("5")}).size() == 2);
  CHECK(numbers.all() == "1 2 3 4 5");
}

TEST_CASE("after a statement that fails none is carried out, and nothing is committed") {
  Numbers numbers;
  {
    Transaction transaction(numbers.connection, TransactionMode::read_write, {adding("1")});
    CHECK(state_of([&] {
            transaction.commit_after({adding("2"), adding("2"), adding("3")});
          }) == "23505");
    CHECK_THROWS_AS(numbers.connection.exec("SELECT 1"), ServerError);
  }
  CHECK(numbers.all().empty());
}

TEST_CASE("a transaction whose first statement fails is not left open") {
  Numbers numbers;
  CHECK_THROWS_AS(Transaction(numbers.connection, TransactionMode::read_write,
                              {SqlStatement("SELECT * FROM nowhere")}),
                  ServerError);
  CHECK(numbers.all().empty());
}

TEST_CASE("a constraint that is checked at the end keeps the commit from taking effect") {
  Numbers numbers;
  numbers.connection.exec(
      "ALTER TABLE public.numbers ADD CONSTRAINT later UNIQUE (n) DEFERRABLE INITIALLY DEFERRED;"
      "ALTER TABLE public.numbers DROP CONSTRAINT numbers_n_key");
  {
    Transaction transaction(numbers.connection, TransactionMode::read_write);
    CHECK_THROWS_AS(transaction.commit_after({adding("1"), adding("1")}), ServerError);
  }
  CHECK(numbers.all().empty());
}

TEST_CASE("a value that cannot be sent leaves the connection as it was") {
  Numbers numbers;
  Transaction transaction(numbers.connection, TransactionMode::read_write);
  CHECK_THROWS_AS(
      numbers.connection.exec_all({adding("1"), adding(std::string("a\0b", 3), "text")}), Error);
  numbers.connection.exec_all({adding("7")});
  transaction.commit();
  CHECK(numbers.all() == "7");
}

TEST_CASE("what the server ends before its COMMIT has not taken effect") {
  Numbers numbers;
  Transaction transaction(numbers.connection, TransactionMode::read_write);
  const auto error = error_of([&] {
    transaction.commit_after(
        {adding("1"), SqlStatement("SELECT pg_terminate_backend(pg_backend_pid())")});
  });
  CHECK(error.code() == ExitCode::database);
  CHECK(contains(error.what(), "administrator command"));
}

TEST_CASE("a connection that is lost without a word may have committed") {
  Numbers numbers;
  Transaction transaction(numbers.connection, TransactionMode::read_write);
  // Nobody reads what the server answers from now on.
  REQUIRE(shutdown(PQsocket(numbers.connection.raw()), SHUT_RD) == 0);
  const auto error = error_of([&] { transaction.commit_after({adding("1")}); });
  CHECK(error.code() == ExitCode::database);
  CHECK(contains(error.what(), "whether it took effect is unknown"));
}
