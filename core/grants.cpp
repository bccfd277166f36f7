#include "core/grants.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/map/read_access.hpp"
#include "core/sql.hpp"

namespace dsar {
namespace {

constexpr std::string_view preamble =
    R"(-- Roles for dsarctl, each with what its work needs. Run this after `dsarctl init`, as the owner of
-- the tables or a superuser, then grant a role to whoever logs in: GRANT dsar_reader TO somebody;
-- On a table with row-level security a role sees what a policy shows it, and dsarctl refuses to
-- take that for everything: write a policy for the role, or give it BYPASSRLS.
BEGIN;
DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['dsar_reader', 'dsar_officer', 'dsar_sweeper'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
      EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END
$$;
GRANT dsar_reader TO dsar_officer, dsar_sweeper;

-- dsarctl's own schema
GRANT USAGE ON SCHEMA dsar TO dsar_reader;
REVOKE ALL ON ALL TABLES IN SCHEMA dsar FROM dsar_reader, dsar_officer, dsar_sweeper;
GRANT SELECT ON TABLE dsar.migration, dsar.hold, dsar.hold_epoch, dsar.request,
  dsar.request_step, dsar.sweep_run, dsar.audit_entry, dsar.audit_head, dsar.audit_checkpoint,
  dsar.erasure, dsar.erased_object, dsar.erasure_residue, dsar.erasure_statement,
  dsar.erasure_rest, dsar.erasure_begun, dsar.erasure_begun_row, dsar.erasure_progress,
  dsar.choice TO dsar_reader;
-- whoever reads is on record: without this nothing personal is shown
GRANT EXECUTE ON FUNCTION dsar.audit(text, text, text, text[], jsonb) TO dsar_reader;
GRANT EXECUTE ON FUNCTION dsar.audit_checkpoint(bigint, text, text, text, text) TO dsar_officer;
GRANT EXECUTE ON FUNCTION dsar.audit_cut(bigint, text) TO dsar_sweeper;
GRANT INSERT ON TABLE dsar.hold, dsar.request, dsar.request_step, dsar.choice TO dsar_officer;
GRANT INSERT ON TABLE dsar.erasure, dsar.erased_object, dsar.erasure_residue,
  dsar.erasure_statement, dsar.erasure_rest TO dsar_officer;
GRANT DELETE ON TABLE dsar.erasure_rest TO dsar_officer;
GRANT INSERT ON TABLE dsar.erasure_begun, dsar.erasure_begun_row, dsar.erasure_progress
  TO dsar_officer;
GRANT UPDATE (run), DELETE ON TABLE dsar.erasure_begun TO dsar_officer;
GRANT UPDATE (rows, digest) ON TABLE dsar.erasure_progress TO dsar_officer;
GRANT UPDATE (reported_at, state, object_key, key_hash) ON TABLE dsar.erased_object
  TO dsar_officer;
GRANT UPDATE (released_at, released_by, release_reason, identities, keys, proven)
  ON TABLE dsar.hold TO dsar_officer;
GRANT UPDATE (closed_at, closed_by, outcome, close_reason, due_on, due_by, stopped, holidays,
  identities, keys, proven) ON TABLE dsar.request TO dsar_officer;
GRANT UPDATE (lifted_at, lifted_by, lift_reason, identities, keys, proven)
  ON TABLE dsar.choice TO dsar_officer;
GRANT UPDATE (epoch) ON TABLE dsar.hold_epoch TO dsar_officer;
GRANT SELECT, INSERT, UPDATE ON TABLE dsar.sweep_run, dsar.kept_event, dsar.removed_object
  TO dsar_sweeper;
GRANT DELETE ON TABLE dsar.kept_event TO dsar_sweeper;
-- closed requests, released holds and lifted choices have a period too
GRANT DELETE ON TABLE dsar.hold, dsar.request, dsar.request_step, dsar.choice TO dsar_sweeper;
)";

constexpr std::string_view all_roles = "dsar_reader, dsar_officer, dsar_sweeper";

using Columns = std::set<std::string>;

/// What a writing role may do to one table.
struct Writes {
  bool remove = false;
  Columns update;
};

/// Columns in which a subject's data may have to be changed or masked.
Columns changeable(const SetRef& ref) {
  Columns names;
  for (const auto& name : classified_columns(*ref.table)) {
    const auto* rule = column_rule(ref, name);
    if (rule == nullptr) continue;
    // A key is changed only where the map gives it a mask.
    const bool kept = rule->use == ColumnUse::key || rule->use == ColumnUse::not_personal;
    if (!kept || rule->mask || !rule->json.empty()) names.insert(name);
  }
  for (const auto& [name, sentinel] : ref.set->erase.repoint) names.insert(name);
  for (const auto& name : ref.set->erase.nullify_first) names.insert(name);
  return names;
}

/// A column by which rows may be locked: the least that is known of the table.
Columns lockable(const Table& table) {
  auto columns = classified_columns(table);
  for (const auto& path : table.tenant) {
    if (!path.column.empty()) columns.insert(path.column);
    if (path.via.empty()) continue;
    for (const auto& pair : path.via.front().match) columns.insert(pair.near);
  }
  return columns.empty() ? Columns{} : Columns{*columns.begin()};
}

/// `privilege`, or `privilege ("a", "b")`
std::string of_columns(std::string_view privilege, const Columns& columns) {
  std::vector<std::string> quoted;
  for (const auto& name : columns) quoted.push_back(quote(name).text());
  return std::string(privilege) + " (" + join(quoted, ", ") + ")";
}

std::string grant(const std::string& privileges, const TableName& table, std::string_view role) {
  return "GRANT " + privileges + " ON TABLE " + quote(table).text() + " TO " + std::string(role) +
         ";\n";
}

std::string grant_writes(const std::map<TableName, Writes>& writes, std::string_view role) {
  std::string sql;
  for (const auto& [table, may] : writes) {
    std::vector<std::string> privileges;
    if (may.remove) privileges.emplace_back("DELETE");
    if (!may.update.empty()) privileges.push_back(of_columns("UPDATE", may.update));
    if (!privileges.empty()) sql += grant(join(privileges, ", "), table, role);
  }
  return sql;
}

/// Emptying an expired partition is not deleting from its table: a right of the partition's own.
std::string grant_truncate(const std::map<TableName, Writes>& sweeper) {
  std::vector<std::string> tables;
  for (const auto& [table, may] : sweeper) {
    if (may.remove) tables.push_back(string_literal(quote(table).text()));
  }
  if (tables.empty()) return {};
  return R"(-- Partitions that are there now; of later ones rows are deleted until this has been run again.
DO $$
DECLARE leaf regclass;
BEGIN
  FOR leaf IN
    SELECT p.relid FROM unnest(ARRAY[)" +
         join(tables, ", ") + R"(]) AS t(name), pg_partition_tree(t.name::regclass) AS p
    WHERE p.isleaf AND p.level > 0
  LOOP
    EXECUTE format('GRANT TRUNCATE ON TABLE %s TO dsar_sweeper', leaf);
  END LOOP;
END
$$;
)";
}

std::string of_map(const DataMap& map) {
  const auto tables = read_access(map);
  std::map<TableName, Writes> officer;
  std::map<TableName, Writes> sweeper;
  for (const auto& ref : record_sets(map)) {
    const auto columns = changeable(ref);
    auto& erasing = officer[ref.table->name];
    erasing.remove = erasing.remove || ref.set->erase.action == EraseAction::remove;
    erasing.update.insert(columns.begin(), columns.end());
    for (const auto& [choice, column] : ref.set->recorded_in) erasing.update.insert(column);
    for (const auto& name : classified_columns(*ref.table)) {
      const auto* rule = column_rule(ref, name);
      if (rule != nullptr && rule->redact_residue) erasing.update.insert(name);
    }
    for (const auto& [reference, to] : ref.set->erase.repoint_references) {
      officer[reference.table].update.insert(reference.match.front().near);
      sweeper[reference.table].update.insert(reference.match.front().near);
    }
    // All of a tenant's data may have to go, by the clock of the tenant.
    if (!ref.set->clock && ref.table->tenant.empty()) continue;
    // Whether rows that are due go or are masked is the policy's decision.
    auto& sweeping = sweeper[ref.table->name];
    sweeping.remove = true;
    sweeping.update.insert(columns.begin(), columns.end());
  }
  for (const auto& table : map.tables) {
    if (table.not_personal && !table.tenant.empty()) sweeper[table.name].remove = true;
    // Where a cascade might take more, rows are locked before they go; that wants the right to
    // change some column.
    for (auto* const writes : {&officer, &sweeper}) {
      const auto at = writes->find(table.name);
      if (at != writes->end() && at->second.remove && at->second.update.empty())
        at->second.update = lockable(table);
    }
  }

  std::set<std::string> schemas;
  for (const auto& table : tables) schemas.insert(table.table.schema);
  std::string sql = "\n-- what an earlier map may have asked for\n";
  for (const auto& schema : schemas) {
    sql += "REVOKE ALL ON ALL TABLES IN SCHEMA " + quote(schema).text() + " FROM " +
           std::string(all_roles) + ";\n";
  }
  sql += "\n-- dsar_reader: find and export\n";
  for (const auto& schema : schemas) {
    sql += "GRANT USAGE ON SCHEMA " + quote(schema).text() + " TO dsar_reader;\n";
  }
  for (const auto& read : tables) {
    if (read.has_secrets && read.columns.empty()) continue;
    const auto privilege = read.has_secrets ? of_columns("SELECT", read.columns) : "SELECT";
    sql += grant(privilege, read.table, "dsar_reader");
  }
  sql += "\n-- dsar_officer: erase and rectify\n" + grant_writes(officer, "dsar_officer");
  sql += "-- and look for copies where none should be\n";
  for (const auto& table : map.tables) {
    if (table.not_personal &&
        std::none_of(tables.begin(), tables.end(),
                     [&](const ReadAccess& one) { return one.table == table.name; }))
      sql += grant("SELECT", table.name, "dsar_officer");
  }
  sql += "\n-- dsar_sweeper: retention\n" + grant_writes(sweeper, "dsar_sweeper") +
         grant_truncate(sweeper);
  return sql;
}

}  // namespace

std::string grants_sql(const DataMap* map) {
  std::string sql(preamble);
  if (map != nullptr) sql += of_map(*map);
  return sql + "COMMIT;\n";
}

}  // namespace dsar
