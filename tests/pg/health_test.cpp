#include "core/pg/health.hpp"

#include <doctest/doctest.h>

#include "core/pg/migrations.hpp"
#include "tests/pg/temporary_database.hpp"

using namespace dsar;
using namespace dsar::pg;
using std::chrono::system_clock;

TEST_CASE("the facts of a server are those that it gives itself") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  migrate(connection, "1");
  connection.exec("SET log_statement = 'mod'");
  const auto facts = read_server_facts(connection, "dbname=" + database.name(), &system_clock::now);
  CHECK(facts.database == database.name());
  CHECK(facts.role == connection.exec("SELECT current_user")->text(0, 0));
  CHECK(std::to_string(facts.server_version) ==
        connection.exec("SHOW server_version_num")->text(0, 0));
  CHECK(facts.client_version >= 150000);
  CHECK(facts.encoding == "UTF8");
  CHECK(facts.pooling == Pooling::none);
  CHECK(facts.schema_version == known_schema_version());
  CHECK(facts.known_schema_version == known_schema_version());
  CHECK_FALSE(facts.in_recovery);
  CHECK(facts.settings.at("log_statement") == "mod");
  CHECK(facts.settings.count("log_parameter_max_length") == 1);
  CHECK(facts.settings.count("pgaudit.log") == 0);
  CHECK(std::chrono::abs(facts.clock_ahead) < std::chrono::seconds(2));
  connection.exec("SELECT 1");  // nothing is left open
}

TEST_CASE("the clocks are compared, not the time that the question takes") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  const auto ahead = [&](std::chrono::seconds shift) {
    const auto facts = read_server_facts(connection, "dbname=" + database.name(),
                                         [&] { return system_clock::now() - shift; });
    return std::chrono::round<std::chrono::seconds>(facts.clock_ahead).count();
  };
  CHECK(ahead(std::chrono::hours(2)) == 7200);
  CHECK(ahead(-std::chrono::hours(2)) == -7200);
}

TEST_CASE("a role that may not look at the tool's schema is told apart from no schema") {
  const TemporaryDatabase database;
  auto connection = database.connect();
  const auto version = [&] {
    return read_server_facts(connection, "dbname=" + database.name(), &system_clock::now)
        .schema_version;
  };
  CHECK(version() == 0);
  migrate(connection, "1");
  connection.exec("CREATE ROLE dsar_test_blind; SET ROLE dsar_test_blind");
  CHECK_FALSE(version().has_value());
  connection.exec("RESET ROLE; DROP ROLE dsar_test_blind");
}
