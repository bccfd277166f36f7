#include "core/pg/migrations.hpp"

#include <doctest/doctest.h>

#include <future>
#include <vector>

#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;

namespace {

std::string one(Connection& connection, const std::string& sql) {
  return connection.exec(sql)->text(0, 0);
}

ExitCode code_of_migrate(Connection& connection) {
  try {
    migrate(connection, "1.2.3");
  } catch (const Error& e) {
    return e.code();
  }
  return ExitCode::done;
}

}  // namespace

TEST_CASE("the schema is created once, and a second run finds nothing to do") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  CHECK(schema_version(connection) == 0);
  const auto first = migrate(connection, "1.2.3");
  CHECK(first.created);
  CHECK(first.database == database.name());
  CHECK(first.version_before == 0);
  CHECK(first.version == known_schema_version());
  CHECK(first.applied.size() == static_cast<std::size_t>(known_schema_version()));
  CHECK(schema_version(connection) == known_schema_version());
  CHECK(one(connection, "SELECT tool_version FROM dsar.migration WHERE version = 1") == "1.2.3");

  const auto second = migrate(connection, "1.2.4");
  CHECK_FALSE(second.created);
  CHECK(second.applied.empty());
  CHECK(second.version_before == known_schema_version());
  CHECK(one(connection, "SELECT count(*) FROM dsar.migration WHERE tool_version = '1.2.4'") == "0");
}

TEST_CASE("an empty schema that an administrator made is used") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec("CREATE SCHEMA dsar");
  const auto report = migrate(connection, "1");
  CHECK_FALSE(report.created);
  CHECK(report.version == known_schema_version());
}

TEST_CASE("a schema of that name with somebody else's tables is left alone") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec("CREATE SCHEMA dsar; CREATE TABLE dsar.other (x int)");
  CHECK(code_of_migrate(connection) == ExitCode::refused);
  CHECK(schema_version(connection) == 0);
  CHECK(one(connection,
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n "
            "ON n.oid = c.relnamespace WHERE nspname = 'dsar'") == "1");
}

TEST_CASE("a schema newer than this program is refused") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  migrate(connection, "1");
  connection.exec("INSERT INTO dsar.migration VALUES (99, 'from the future', '9.9')");
  CHECK(code_of_migrate(connection) == ExitCode::refused);
  CHECK(schema_version(connection) == 99);
}

TEST_CASE("a role that may not create the schema changes nothing and is told") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  connection.exec("CREATE ROLE dsar_test_weak; SET ROLE dsar_test_weak");
  CHECK(code_of_migrate(connection) == ExitCode::usage);
  connection.exec("RESET ROLE");
  migrate(connection, "1");
  connection.exec("SET ROLE dsar_test_weak");
  CHECK_FALSE(schema_version(connection).has_value());
  connection.exec("RESET ROLE; DROP ROLE dsar_test_weak");
}

TEST_CASE("programs that create the schema at the same time wait for each other") {
  const TemporaryDatabase database;
  std::vector<std::future<MigrationReport>> runs;
  for (int i = 0; i < 6; ++i) {
    runs.push_back(std::async(std::launch::async, [&] {
      auto connection = database.connect();
      return migrate(connection, "1");
    }));
  }
  int created = 0;
  std::size_t applied = 0;
  for (auto& run : runs) {
    const auto report = run.get();
    created += report.created ? 1 : 0;
    applied += report.applied.size();
    CHECK(report.version == known_schema_version());
  }
  CHECK(created == 1);
  CHECK(applied == static_cast<std::size_t>(known_schema_version()));
}
