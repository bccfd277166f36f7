#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/pg/connection.hpp"

/// The tool's own schema, `dsar`, and how it comes to be.
namespace dsar::pg {

/// One step from a version of the schema to the next; never changed once it has been released.
struct Migration {
  int version;            ///< from 1, without gaps
  std::string_view name;  ///< what it brings, in a few words
  std::string_view sql;   ///< several statements
};

struct MigrationReport {
  std::string database;
  bool created = false;    ///< the schema was not there
  int version_before = 0;  ///< 0: nothing applied yet
  int version = 0;
  std::vector<std::string> applied;  ///< names of the migrations, in order; empty: up to date
};

/// The version that this program knows.
int known_schema_version();

/// The version that the database has; 0 without the schema or before the first migration, nothing
/// where the role may not look. Needs no privilege.
std::optional<int> schema_version(Connection& connection);

/// Throws Error unless the database has the schema at the version that this program knows, and the
/// role may read it: usage, or refused for a newer one.
void require_schema(Connection& connection);

/// Creates the schema or brings it up to date, each migration in a transaction of its own; does
/// nothing when it is up to date, waits for another program that does the same. Throws Error:
/// refused for a schema newer than this program or a `dsar` that is somebody else's, usage where
/// the server cannot be written or the role may not.
MigrationReport migrate(Connection& connection, const std::string& tool_version);

}  // namespace dsar::pg
