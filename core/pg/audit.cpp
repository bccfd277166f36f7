#include "core/pg/audit.hpp"

#include <map>

#include "core/sql.hpp"

namespace dsar::pg {
namespace {

constexpr std::size_t page = 1000;

/// `error` as one that says what to do about it.
[[noreturn]] void explain(const ServerError& error) {
  if (error.sqlstate() == "42501")
    throw Error(ExitCode::usage, "this role may not write the audit trail",
                "Grant it a role of dsarctl init --grants.");
  if (error.sqlstate() == "25006")
    throw Error(ExitCode::usage, "the audit trail cannot be written on a standby",
                "Name a file for it with --audit-to, or connect to the primary.");
  if (error.sqlstate() == "DS002")
    throw Error(ExitCode::refused, "the audit trail is not what this checkpoint says",
                "Run dsarctl audit verify.");
  throw error;
}

struct Conditions {
  std::vector<std::string> parts{"true"};
  Params params;

  void add(const std::string& condition, const std::string& value, const std::string& type) {
    params.emplace_back(value);
    parts.push_back(condition + "$" + std::to_string(params.size()) + "::" + type);
  }
};

Conditions conditions_of(const AuditQuestion& question) {
  Conditions where;
  if (!question.subjects.empty())
    where.add("e.subjects && ", array_value(question.subjects), "text[]");
  if (!question.command.empty()) where.add("e.command = ", question.command, "text");
  if (!question.tenant_key.empty()) where.add("e.tenant_key = ", question.tenant_key, "text");
  if (question.since) where.add("e.at >= ", *question.since, "timestamptz");
  return where;
}

std::vector<AuditEntry> entries_of(const Result& rows) {
  std::vector<AuditEntry> entries;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    AuditEntry entry;
    entry.number = std::stoll(rows.text(r, 0));
    entry.at = rows.text(r, 1);
    entry.note.actor = rows.text(r, 2);
    entry.role = rows.text(r, 3);
    entry.note.command = rows.text(r, 4);
    entry.note.tenant_key = rows.text(r, 5);
    entry.previous = rows.text(r, 6);
    entry.hash = rows.text(r, 7);
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// The lists of entries that have been read. What no command writes (a NULL) becomes something
/// that no command writes either, so that the hash tells.
void add_lists(Connection& connection, std::vector<AuditEntry>& entries) {
  std::map<std::int64_t, AuditEntry*> by_number;
  std::vector<std::string> numbers;
  for (auto& entry : entries) {
    by_number[entry.number] = &entry;
    numbers.push_back(std::to_string(entry.number));
  }
  const Params params{array_value(numbers)};
  const auto subjects = connection.exec(
      "SELECT e.number, coalesce(s, '(null)') FROM dsar.audit_entry AS e, "
      "unnest(e.subjects) WITH ORDINALITY AS listed(s, place) "
      "WHERE e.number = ANY ($1::bigint[]) ORDER BY e.number, place",
      params);
  for (std::size_t r = 0; r < subjects->rows(); ++r)
    by_number.at(std::stoll(subjects->text(r, 0)))->note.subjects.push_back(subjects->text(r, 1));
  const auto facts = connection.exec(
      "SELECT e.number, f.key, coalesce(f.value, '(null)') FROM dsar.audit_entry AS e, "
      "jsonb_each_text(e.facts) AS f WHERE e.number = ANY ($1::bigint[])",
      params);
  for (std::size_t r = 0; r < facts->rows(); ++r)
    by_number.at(std::stoll(facts->text(r, 0)))->note.facts[facts->text(r, 1)] = facts->text(r, 2);
}

}  // namespace

std::int64_t append_audit(Connection& connection, const AuditNote& note) {
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const auto& [name, value] : note.facts) {
    names.push_back(name);
    values.push_back(value);
  }
  try {
    const auto number = connection.exec(
        "SELECT dsar.audit($1, $2, $3, $4::text[], pg_catalog.jsonb_object($5::text[], "
        "$6::text[]))",
        {note.actor, note.command, note.tenant_key, array_value(note.subjects), array_value(names),
         array_value(values)});
    return std::stoll(number->text(0, 0));
  } catch (const ServerError& error) {
    explain(error);
  }
}

void read_audit(Connection& connection, const AuditQuestion& question,
                const std::function<void(const AuditEntry&)>& take) {
  const auto where = conditions_of(question);
  std::int64_t after = 0;
  if (question.last) {
    // The number before the first of them.
    auto params = where.params;
    params.emplace_back(std::to_string(*question.last));
    const auto first = connection.exec(
        "SELECT coalesce(min(number), 1) - 1 FROM (SELECT e.number FROM dsar.audit_entry AS e "
        "WHERE " +
            join(where.parts, " AND ") + " ORDER BY e.number DESC LIMIT $" +
            std::to_string(params.size()) + ") AS last_ones",
        params);
    after = std::stoll(first->text(0, 0));
  }
  for (;;) {
    auto params = where.params;
    params.emplace_back(std::to_string(after));
    const auto rows = connection.exec(
        "SELECT e.number, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
        "e.actor, e.role, e.command, e.tenant_key, e.previous, e.hash "
        "FROM dsar.audit_entry AS e WHERE " +
            join(where.parts, " AND ") + " AND e.number > $" + std::to_string(params.size()) +
            " ORDER BY e.number LIMIT " + std::to_string(page),
        params);
    auto entries = entries_of(*rows);
    if (entries.empty()) return;
    add_lists(connection, entries);
    for (const auto& entry : entries) take(entry);
    after = entries.back().number;
  }
}

std::optional<std::pair<std::int64_t, std::string>> audit_head(Connection& connection) {
  const auto rows = connection.exec("SELECT number, hash FROM dsar.audit_head");
  if (rows->rows() == 0) return std::nullopt;
  return std::pair(std::stoll(rows->text(0, 0)), rows->text(0, 1));
}

std::vector<std::string> missing_audit(
    Connection& connection, const std::vector<std::pair<std::int64_t, std::string>>& entries) {
  std::vector<std::string> numbers;
  std::vector<std::string> hashes;
  for (const auto& [number, hash] : entries) {
    numbers.push_back(std::to_string(number));
    hashes.push_back(hash);
  }
  const auto rows = connection.exec(
      "SELECT l.hash FROM ROWS FROM (pg_catalog.unnest($1::bigint[]), "
      "pg_catalog.unnest($2::text[])) AS l(number, hash) "
      "WHERE NOT EXISTS (SELECT FROM dsar.audit_entry AS e WHERE e.number = l.number AND "
      "e.hash = l.hash) AND NOT EXISTS (SELECT FROM dsar.audit_checkpoint AS c WHERE c.number >= "
      "l.number AND NOT EXISTS (SELECT FROM dsar.audit_entry AS e WHERE e.number <= c.number)) "
      "ORDER BY l.number",
      {array_value(numbers), array_value(hashes)});
  std::vector<std::string> missing;
  for (std::size_t r = 0; r < rows->rows(); ++r) missing.push_back(rows->text(r, 0));
  return missing;
}

std::string database_name(Connection& connection) {
  return connection.exec("SELECT pg_catalog.current_database()")->text(0, 0);
}

std::vector<AuditCheckpoint> audit_checkpoints(Connection& connection) {
  const auto rows = connection.exec(
      "SELECT number, statement, signature, key_id FROM dsar.audit_checkpoint ORDER BY number");
  std::vector<AuditCheckpoint> checkpoints;
  for (std::size_t r = 0; r < rows->rows(); ++r)
    checkpoints.push_back(
        {std::stoll(rows->text(r, 0)), "", rows->text(r, 1), rows->text(r, 2), rows->text(r, 3)});
  return checkpoints;
}

void keep_checkpoint(Connection& connection, const AuditCheckpoint& checkpoint) {
  try {
    connection.exec("SELECT dsar.audit_checkpoint($1, $2, $3, $4, $5)",
                    {std::to_string(checkpoint.number), checkpoint.hash, checkpoint.statement,
                     checkpoint.signature, checkpoint.key_id});
  } catch (const ServerError& error) {
    explain(error);
  }
}

std::uint64_t cut_audit(Connection& connection, const AuditCheckpoint& checkpoint) {
  try {
    const auto gone = connection.exec("SELECT dsar.audit_cut($1, $2)",
                                      {std::to_string(checkpoint.number), checkpoint.signature});
    return std::stoull(gone->text(0, 0));
  } catch (const ServerError& error) {
    explain(error);
  }
}

}  // namespace dsar::pg
