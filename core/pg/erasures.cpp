#include "core/pg/erasures.hpp"

#include "core/crypto/hex.hpp"
#include "core/error.hpp"
#include "core/sql.hpp"

namespace dsar::pg {
namespace {

std::optional<std::string> null_if_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void store_erasure(Connection& connection, const StoredErasure& erasure,
                   const std::vector<StoredObject>& objects) {
  connection.exec(
      "INSERT INTO dsar.erasure (id, follows, tenant_key, tenant, request, actor, tool_version, "
      "withheld, certificate, signature, whole_tenant) VALUES ($1, $2, $3, $4, $5::bigint, $6, $7, "
      "$8::bigint, $9, decode($10, 'hex'), $11::boolean)",
      {erasure.id, null_if_empty(erasure.follows), erasure.tenant_key, erasure.tenant,
       erasure.request == 0 ? std::nullopt : std::optional(std::to_string(erasure.request)),
       erasure.actor, erasure.tool_version, std::to_string(erasure.withheld), erasure.certificate,
       to_hex(erasure.signature), erasure.whole_tenant ? "true" : "false"});
  note_erased_objects(connection, erasure.id, objects);
}

void note_withheld(Connection& connection, const std::string& erasure, const SubjectKeys& rows) {
  const auto [sets, keys] = listed(rows);
  if (sets.empty()) return;
  connection.exec(
      "INSERT INTO dsar.erasure_rest (erasure, record_set, row_key) SELECT $1, r.name, "
      "r.key::text[] FROM unnest($2::text[], $3::text[]) AS r(name, key)",
      {erasure, array_value(sets), array_value(keys)});
}

SubjectKeys withheld_rows(Connection& connection, const std::string& erasure) {
  const auto rows = connection.exec(
      "SELECT r.id, r.record_set, k.part FROM dsar.erasure_rest AS r, unnest(r.row_key) WITH "
      "ORDINALITY AS k(part, n) WHERE r.erasure = $1 ORDER BY r.id, k.n",
      {erasure});
  return keys_of(*rows);
}

SubjectKeys keys_of(const Result& rows) {
  SubjectKeys keys;
  std::string last;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    auto& of_set = keys[rows.text(r, 1)];
    if (rows.text(r, 0) != last) of_set.emplace_back();
    last = rows.text(r, 0);
    of_set.back().push_back(rows.text(r, 2));
  }
  return keys;
}

std::vector<std::string> erasures_with_rest(Connection& connection) {
  const auto rows = connection.exec(
      "SELECT id FROM (SELECT id, begun_at AS at FROM dsar.erasure_begun UNION ALL "
      "SELECT id, done_at FROM dsar.erasure AS e WHERE EXISTS (SELECT FROM dsar.erasure_rest AS r "
      "WHERE r.erasure = e.id) OR (e.whole_tenant AND e.withheld > 0 AND NOT EXISTS (SELECT FROM "
      "dsar.erasure AS f WHERE f.follows = e.id) AND NOT EXISTS (SELECT FROM dsar.erasure_begun AS "
      "b WHERE b.follows = e.id))) AS open ORDER BY at, id");
  std::vector<std::string> ids;
  for (std::size_t r = 0; r < rows->rows(); ++r) ids.push_back(rows->text(r, 0));
  return ids;
}

std::pair<std::vector<std::string>, std::vector<std::string>> listed(const SubjectKeys& rows) {
  std::pair<std::vector<std::string>, std::vector<std::string>> lists;
  for (const auto& [set, keys] : rows) {
    for (const auto& key : keys) {
      lists.first.push_back(set);
      lists.second.push_back(array_value(key));
    }
  }
  return lists;
}

void forget_withheld(Connection& connection, const std::string& erasure) {
  connection.exec("DELETE FROM dsar.erasure_rest WHERE erasure = $1", {erasure});
}

StoredErasure find_erasure(Connection& connection, const std::string& id) {
  const auto rows = connection.exec(
      "SELECT id, coalesce(follows, ''), tenant_key, tenant, coalesce(request, 0), actor, "
      "tool_version, withheld, certificate, encode(signature, 'hex'), whole_tenant FROM "
      "dsar.erasure "
      "WHERE starts_with(id, $1) ORDER BY id LIMIT 2",
      {id});
  if (rows->rows() == 0)
    throw Error(ExitCode::usage, "there is no erasure " + id, "Its number is on the certificate.");
  if (rows->rows() > 1)
    throw Error(ExitCode::usage, "several erasures have numbers that begin with " + id,
                "Give more digits.");
  return {rows->text(0, 0),
          rows->text(0, 1),
          rows->text(0, 2),
          rows->text(0, 3),
          std::stoll(rows->text(0, 4)),
          rows->text(0, 5),
          rows->text(0, 6),
          std::stoull(rows->text(0, 7)),
          rows->text(0, 8),
          from_hex(rows->text(0, 9)),
          rows->text(0, 10) == "t"};
}

void store_residue(Connection& connection, const StoredResidue& residue) {
  connection.exec(
      "INSERT INTO dsar.erasure_residue (erasure, statement, signature) VALUES ($1, $2, "
      "decode($3, 'hex'))",
      {residue.erasure, residue.statement, to_hex(residue.signature)});
}

std::optional<StoredResidue> find_residue(Connection& connection, const std::string& erasure) {
  const auto rows = connection.exec(
      "SELECT erasure, statement, encode(signature, 'hex') FROM dsar.erasure_residue "
      "WHERE erasure = $1",
      {erasure});
  if (rows->rows() == 0) return std::nullopt;
  return StoredResidue{rows->text(0, 0), rows->text(0, 1), from_hex(rows->text(0, 2))};
}

}  // namespace dsar::pg
