#include "core/pg/connection.hpp"

#include <doctest/doctest.h>
#include <libpq-fe.h>

#include "tests/pg/errors.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

void terminate(const Connection& victim, Connection& by) {
  by.exec("SELECT pg_terminate_backend($1::int, 5000)",
          {std::to_string(PQbackendPID(victim.raw()))});
}

std::string one(Connection& connection, const std::string& sql) {
  return connection.exec(sql)->text(0, 0);
}

}  // namespace

TEST_CASE("values are bound, whatever they hold, and come back as they were") {
  Connection connection("");
  const std::string hostile = "'; DROP TABLE x; -- \\ \" $1 \n\t\x01 \xf0\x9f\x98\x80";
  const auto result = connection.exec("SELECT $1::text, $2::text, $3::text, length($4::text)",
                                      {hostile, std::nullopt, "", std::string(300000, 'x')});
  REQUIRE(result->rows() == 1);
  CHECK(result->at(0, 0) == hostile);
  CHECK_FALSE(result->at(0, 1).has_value());
  CHECK(result->at(0, 2) == "");
  CHECK(result->text(0, 3) == "300000");
}

TEST_CASE("a value with a NUL character is refused instead of cut off") {
  Connection connection("");
  const auto e = error_of([&] { connection.exec("SELECT $1", {std::string("a\0b", 3)}); });
  CHECK(e.code() == ExitCode::usage);
}

TEST_CASE("a statement says how many rows it changed") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec("CREATE TABLE t AS SELECT generate_series(1, 7) AS n");
  CHECK(connection.exec("DELETE FROM t WHERE n > $1", {"4"})->affected() == 3);
}

TEST_CASE("a server error has its state, and its words only where they cannot hold a value") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec(
      "CREATE TABLE person (email text UNIQUE CHECK (email <> 'bad@example.com'));"
      "INSERT INTO person VALUES ('ada@example.com')");

  const auto unknown = error_of([&] { connection.exec("SELECT * FROM nowhere"); });
  CHECK(contains(unknown.what(), "relation \"nowhere\" does not exist"));
  CHECK(contains(unknown.what(), "42P01"));
  CHECK_FALSE(contains(unknown.what(), "ERROR"));

  const auto insert = [&](const char* email) {
    return [&connection, email] { connection.exec("INSERT INTO person VALUES ($1)", {email}); };
  };
  const auto number = [&] { connection.exec("SELECT $1::int", {"ada@example.com"}); };
  const auto raise = [&] {
    connection.exec("DO $$BEGIN RAISE EXCEPTION 'ada@example.com' USING ERRCODE = 'ZZ123'; END$$");
  };
  CHECK(state_of(insert("ada@example.com")) == "23505");
  CHECK(state_of(insert("bad@example.com")) == "23514");
  CHECK(state_of(number) == "22P02");
  CHECK(state_of(raise) == "ZZ123");
  for (const auto& action :
       std::vector<std::function<void()>>{insert("ada@example.com"), number, raise}) {
    const auto e = error_of(action);
    CHECK_FALSE(contains(e.what(), "example.com"));
    CHECK(e.hint().find("example.com") == std::string::npos);
    CHECK(contains(e.what(), "SQLSTATE"));
  }
}

TEST_CASE("a missing privilege names the object and the way out") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec("CREATE TABLE secret (x int); CREATE ROLE dsar_test_nobody");
  connection.exec("SET ROLE dsar_test_nobody");
  const auto e = error_of([&] { connection.exec("SELECT * FROM secret"); });
  connection.exec("RESET ROLE; DROP ROLE dsar_test_nobody");
  CHECK(contains(e.what(), "permission denied for table secret"));
  CHECK(contains(e.hint(), "dsarctl init --grants"));
  CHECK(e.code() == ExitCode::usage);
}

TEST_CASE("a statement that runs into its timeout says so") {
  Connection connection("");
  connection.exec("SET statement_timeout = '50ms'");
  const auto e = error_of([&] { connection.exec("SELECT pg_sleep(5)"); });
  CHECK(contains(e.what(), "statement timeout"));
  CHECK(contains(e.what(), "57014"));
  CHECK(one(connection, "SELECT 1") == "1");
}

TEST_CASE("a serialization failure and a deadlock keep their state") {
  const TemporaryDatabase database;
  auto a = database.connect();
  auto b = database.connect();
  a.exec("CREATE TABLE t AS SELECT 1 AS n");
  a.exec("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM t");
  b.exec("UPDATE t SET n = 2");
  CHECK(state_of([&] { a.exec("UPDATE t SET n = 3"); }) == "40001");
  a.exec("ROLLBACK");
  a.exec(
      "CREATE FUNCTION deadlock() RETURNS void LANGUAGE plpgsql AS "
      "$$BEGIN RAISE deadlock_detected; END$$");
  CHECK(state_of([&] { a.exec("SELECT deadlock()"); }) == "40P01");
}

TEST_CASE("a lost connection is an error of the database, at once and ever after") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  auto killer = database.connect();
  connection.exec("SELECT 1");
  terminate(connection, killer);
  for (int attempt = 0; attempt < 3; ++attempt) {
    const auto e = error_of([&] { connection.exec("SELECT 1"); });
    CHECK(e.code() == ExitCode::database);
    CHECK(contains(e.what(), "lost"));
  }
}

TEST_CASE("a connection lost inside a transaction is never replaced by a fresh one") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  auto killer = database.connect();
  {
    Transaction transaction(connection, TransactionMode::read_only);
    terminate(connection, killer);
    CHECK(error_of([&] { connection.exec("SELECT $1", {"x"}); }).code() == ExitCode::database);
    CHECK(error_of([&] { transaction.commit(); }).code() == ExitCode::database);
  }
  CHECK(error_of([&] { Transaction(connection, TransactionMode::read_write); }).code() ==
        ExitCode::database);
}

TEST_CASE("every transaction has the tool's settings, and leaves none behind") {
  Connection connection("");
  connection.exec("SET TimeZone = 'Asia/Tokyo'; SET search_path = public, pg_temp");
  const std::string settings =
      "SELECT current_setting('search_path') || ' ' || current_setting('timezone') || ' ' || "
      "current_setting('row_security') || ' ' || current_setting('jit') || ' ' || "
      "current_setting('datestyle') || ' ' || current_setting('transaction_isolation') || ' ' || "
      "current_setting('transaction_read_only')";
  {
    Transaction transaction(connection, TransactionMode::read_only);
    CHECK(one(connection, settings) ==
          "pg_catalog, pg_temp UTC off off ISO, YMD repeatable read on");
    transaction.commit();
  }
  {
    Transaction transaction(connection, TransactionMode::read_write);
    CHECK(one(connection, settings) ==
          "pg_catalog, pg_temp UTC off off ISO, YMD read committed off");
  }
  CHECK(one(connection, "SELECT current_setting('timezone')") == "Asia/Tokyo");
}

TEST_CASE("a transaction that is not committed is undone") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec("CREATE TABLE t (n int)");
  {
    Transaction t(connection, TransactionMode::read_write);
    connection.exec("INSERT INTO public.t VALUES (1)");
  }
  CHECK(one(connection, "SELECT count(*) FROM t") == "0");
  {
    Transaction t(connection, TransactionMode::read_write);
    connection.exec("INSERT INTO public.t VALUES (1)");
    t.commit();
  }
  CHECK(one(connection, "SELECT count(*) FROM t") == "1");
}

TEST_CASE("a transaction in which a statement failed cannot be committed by mistake") {
  Connection connection("");
  Transaction transaction(connection, TransactionMode::read_write);
  CHECK_THROWS_AS(connection.exec("SELECT 1/0"), ServerError);
  CHECK_THROWS_AS(transaction.commit(), Error);
}

TEST_CASE("what a trigger says by NOTICE is not shown to anybody") {
  Connection connection("");
  // Would go to stderr by libpq's default; the test driver's reader sees it there.
  connection.exec("DO $$BEGIN RAISE WARNING 'ada@example.com'; END$$");
  CHECK(one(connection, "SELECT 1") == "1");
}

TEST_CASE("no server gives one line that says where, and a hint") {
  const auto socket = error_of([] { Connection("host=/nonexistent port=6543"); });
  CHECK(socket.code() == ExitCode::database);
  CHECK(contains(socket.what(), "cannot connect to the server on socket \"/nonexistent"));
  CHECK_FALSE(contains(socket.what(), "\n"));
  CHECK(contains(socket.hint(), "--db"));
  const auto port = error_of([] { Connection("host=127.0.0.1 port=1 connect_timeout=2"); });
  CHECK(contains(port.what(), "port 1"));
}

TEST_CASE("an unknown database and an unknown role are named") {
  const auto database = error_of([] { Connection("dbname=dsar_no_such"); });
  CHECK(database.code() == ExitCode::database);
  CHECK(contains(database.what(), "database \"dsar_no_such\" does not exist"));
  CHECK(contains(database.hint(), "PGDATABASE"));
  const auto plain = error_of([] { Connection("dsar_no_such"); });
  CHECK(contains(plain.what(), "database \"dsar_no_such\" does not exist"));
  const auto role = error_of([] { Connection("user=dsar_no_such"); });
  CHECK(contains(role.what(), "role \"dsar_no_such\" does not exist"));
  CHECK(contains(role.hint(), "PGUSER"));
}

TEST_CASE("no message repeats a piece of a password, however broken the connection string") {
  for (const auto* conninfo :
       {"password=hunter2 hunter3", "postgresql://u:hunter2/x@host/db",
        "postgresql://u:hunter2@hunter3@host.invalid/db", "passwort=hunter2", "password='hunter2",
        "postgresql://u:hunter2%zz@host/db", "postgresql://host/db?passwort=hunter2"}) {
    CAPTURE(conninfo);
    const auto e = error_of([&] { Connection{conninfo}; });
    CHECK_FALSE(contains(e.what(), "hunter"));
    CHECK_FALSE(contains(e.hint(), "hunter"));
    CHECK(e.code() == ExitCode::usage);
  }
}

TEST_CASE("a password in a connection string is noticed") {
  CHECK(has_password("host=x password=y"));
  CHECK(has_password("postgresql://u:p@host/db"));
  CHECK(has_password("postgres://host/db?password=p"));
  CHECK(has_password("postgresql://u:p/q@host/db"));
  CHECK(has_password("sslpassword=x"));
  CHECK_FALSE(has_password(""));
  CHECK_FALSE(has_password("harbour"));
  CHECK_FALSE(has_password("host=x dbname=y"));
  CHECK_FALSE(has_password("postgresql://u@host:5432/db"));
}

TEST_CASE("a database without an encoding is refused") {
  Connection connection("");
  connection.exec("DROP DATABASE IF EXISTS dsar_test_ascii");
  connection.exec(
      "CREATE DATABASE dsar_test_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
  const auto e = error_of([] { Connection("dbname=dsar_test_ascii"); });
  connection.exec("DROP DATABASE dsar_test_ascii");
  CHECK(e.code() == ExitCode::refused);
  CHECK(contains(e.what(), "SQL_ASCII"));
}

TEST_CASE("text comes as UTF-8 from a database of another encoding") {
  Connection connection("");
  connection.exec("DROP DATABASE IF EXISTS dsar_test_latin1");
  connection.exec(
      "CREATE DATABASE dsar_test_latin1 TEMPLATE template0 ENCODING 'LATIN1' "
      "LOCALE 'C'");
  {
    Connection latin("dbname=dsar_test_latin1");
    CHECK(one(latin, "SELECT chr(233)") == "\xc3\xa9");
  }
  connection.exec("DROP DATABASE dsar_test_latin1");
}
