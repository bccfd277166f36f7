#include "core/pg/migrations.hpp"

#include <array>

#include "core/pg/migration_audit.hpp"
#include "core/pg/migration_begun.hpp"
#include "core/pg/migration_choices.hpp"
#include "core/pg/migration_deadlines.hpp"
#include "core/pg/migration_erasures.hpp"
#include "core/pg/migration_holds.hpp"
#include "core/pg/migration_requests.hpp"
#include "core/pg/migration_residue.hpp"
#include "core/pg/migration_rest.hpp"
#include "core/pg/migration_statements.hpp"

namespace dsar::pg {
namespace {

// All of them, in order. To add one, append it: versions count up by one. They run with
// search_path = pg_catalog: every name of ours is qualified.
constexpr std::array migrations{
    Migration{1, "versions of this schema", R"(
COMMENT ON SCHEMA dsar IS 'dsarctl keeps its own records here; see dsarctl(1)';

CREATE TABLE dsar.migration (
  version int PRIMARY KEY CHECK (version > 0),
  name text NOT NULL,
  tool_version text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE dsar.migration IS 'which steps made this schema what it is, when, by which dsarctl';
)"},
    Migration{2, "holds, requests and sweeps", holds_migration},
    Migration{3, "whom holds and requests are about for certain", proven_migration},
    Migration{4, "extensions and pauses of requests", requests_migration},
    Migration{5, "the audit trail", audit_migration},
    Migration{6, "erasures and their certificates", erasures_migration},
    Migration{7, "restrictions, objections and consents", choices_migration},
    Migration{8, "what was found after an erasure", residue_migration},
    Migration{9, "what erasures have withheld", rest_migration},
    Migration{10, "erasures that go in batches", begun_migration},
    Migration{11, "what became of objects outside the database", statements_migration},
    Migration{12, "what the day of a request is computed from", deadlines_migration},
};

// Shared by all programs that change the schema; the first half says 'dsar'.
constexpr std::string_view lock_sql = "SELECT pg_advisory_xact_lock(1685283186, 1)";

struct Presence {
  bool schema = false;
  bool versions = false;  ///< the table that says which version it is
  bool empty = true;
  bool readable = false;  ///< the role may read `versions`
};

Presence look(Connection& connection) {
  const auto result = connection.exec(R"(
    SELECT n.oid IS NOT NULL,
           EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'migration'),
           NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid),
           (SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
            FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'migration')
    FROM (VALUES (1)) AS one LEFT JOIN pg_namespace n ON n.nspname = 'dsar')");
  return {result->at(0, 0) == "t", result->at(0, 1) == "t", result->at(0, 2) == "t",
          result->at(0, 3) == "t"};
}

int applied_version(Connection& connection) {
  const auto result = connection.exec("SELECT coalesce(max(version), 0) FROM dsar.migration");
  return std::stoi(result->text(0, 0));
}

/// Creates the schema where there is none; gives the version it has.
int prepare(Connection& connection, MigrationReport& report) {
  const auto presence = look(connection);
  if (presence.versions) return applied_version(connection);
  if (!presence.empty) {
    throw Error(ExitCode::refused, "a schema 'dsar' is there already, with tables not of dsarctl's",
                "Rename or drop that schema first, or choose another database.");
  }
  if (!presence.schema) {  // an administrator may have made it, for a role that must not
    connection.exec("CREATE SCHEMA dsar");
    report.created = true;
  }
  return 0;
}

void refuse_newer(int version) {
  if (version <= known_schema_version()) return;
  throw Error(ExitCode::refused,
              "the schema 'dsar' has version " + std::to_string(version) +
                  ", but this dsarctl knows only up to " + std::to_string(known_schema_version()),
              "Use the dsarctl that upgraded it, or a newer one.");
}

void refuse_standby(Connection& connection) {
  if (connection.exec("SELECT pg_catalog.pg_is_in_recovery()")->at(0, 0) != "t") return;
  throw Error(ExitCode::usage, "this server is a standby, which cannot be written",
              "Connect to the primary.");
}

}  // namespace

int known_schema_version() {
  return migrations.back().version;
}

std::optional<int> schema_version(Connection& connection) {
  const auto presence = look(connection);
  if (!presence.versions) return 0;
  if (!presence.readable) return std::nullopt;
  return applied_version(connection);
}

void require_schema(Connection& connection) {
  const auto version = schema_version(connection);
  if (!version) {
    throw Error(ExitCode::usage, "the role may not read the schema 'dsar'",
                "Grant it a role of dsarctl init --grants.");
  }
  if (*version == 0) {
    throw Error(ExitCode::usage, "this database has no schema 'dsar' yet", "Run dsarctl init.");
  }
  refuse_newer(*version);
  if (*version < known_schema_version()) {
    throw Error(ExitCode::usage,
                "the schema 'dsar' has version " + std::to_string(*version) +
                    ", but this dsarctl needs " + std::to_string(known_schema_version()),
                "Run dsarctl init, which upgrades it.");
  }
}

MigrationReport migrate(Connection& connection, const std::string& tool_version) {
  refuse_standby(connection);
  MigrationReport report;
  report.database = connection.exec("SELECT pg_catalog.current_database()")->text(0, 0);
  for (bool first = true;; first = false) {
    Transaction transaction(connection, TransactionMode::read_write);
    connection.exec(lock_sql);
    const int version = prepare(connection, report);
    refuse_newer(version);
    if (first) report.version_before = version;
    report.version = version;
    if (version == known_schema_version()) return report;
    const auto& next = migrations.at(static_cast<std::size_t>(version));
    connection.exec(next.sql);
    connection.exec("INSERT INTO dsar.migration (version, name, tool_version) VALUES ($1, $2, $3)",
                    {std::to_string(next.version), std::string(next.name), tool_version});
    transaction.commit();
    report.applied.emplace_back(next.name);
  }
}

}  // namespace dsar::pg
