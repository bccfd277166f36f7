#include "core/pg/erased_objects.hpp"

#include "core/crypto/hex.hpp"
#include "core/crypto/hmac.hpp"
#include "core/erasure_rows.hpp"
#include "core/sql.hpp"

namespace dsar::pg {
namespace {

// The first half says 'dsar', as everywhere.
constexpr const char* lock_sql = "SELECT pg_catalog.pg_advisory_xact_lock(1685283186, 6)";

std::string ids_of(const std::vector<ObjectReport>& reports) {
  std::vector<std::string> ids;
  for (const auto& report : reports) ids.push_back(report.id);
  return array_value(ids);
}

void forget_keys(Connection& connection, const std::optional<ObjectHashKey>& hash_key) {
  const auto gone = connection.exec(
      "SELECT id, object_key FROM dsar.erased_object WHERE state IN ('deleted', 'not-found') AND "
      "object_key <> ''");
  std::vector<std::string> ids;
  std::vector<std::string> hashes;
  std::optional<HmacSha256> mac;
  if (hash_key) mac.emplace(hash_key->secret);
  for (std::size_t r = 0; r < gone->rows(); ++r) {
    ids.push_back(gone->text(r, 0));
    hashes.push_back(mac ? hash_key->id + ":" + mac->hex(gone->text(r, 1)) : std::string());
  }
  connection.exec(
      "UPDATE dsar.erased_object AS o SET object_key = '', key_hash = u.hash FROM "
      "unnest($1::bigint[], $2::text[]) AS u(id, hash) WHERE o.id = u.id",
      {array_value(ids), array_value(hashes)});
}

}  // namespace

void note_erased_objects(Connection& connection, const std::string& erasure,
                         const std::vector<StoredObject>& objects) {
  if (objects.empty()) return;
  std::vector<std::string> stores;
  std::vector<std::string> keys;
  for (const auto& [store, key] : objects) {
    stores.push_back(store);
    keys.push_back(key);
  }
  connection.exec(
      "INSERT INTO dsar.erased_object (erasure, store, object_key) SELECT $1, o.store, o.key FROM "
      "unnest($2::text[], $3::text[]) AS o(store, key)",
      {erasure, array_value(stores), array_value(keys)});
}

std::vector<ErasedObject> list_erased_objects(Connection& connection, const std::string& erasure,
                                              bool reported) {
  const auto rows = connection.exec(
      "SELECT id, erasure, store, object_key, coalesce(state, '') FROM dsar.erased_object WHERE "
      "($1 = '' OR erasure = $1) AND ($2::boolean OR state IS NULL OR state = 'failed') ORDER BY "
      "id",
      {erasure, reported ? "true" : "false"});
  std::vector<ErasedObject> objects;
  for (std::size_t r = 0; r < rows->rows(); ++r)
    objects.push_back({rows->text(r, 0), rows->text(r, 1), rows->text(r, 2), rows->text(r, 3),
                       from_string<ObjectState>(rows->text(r, 4))});
  return objects;
}

void begin_reporting(Connection& connection) {
  connection.exec(lock_sql);
}

std::uint64_t report_erased_objects(Connection& connection,
                                    const std::vector<ObjectReport>& reports,
                                    const std::optional<ObjectHashKey>& hash_key) {
  std::vector<std::string> states;
  for (const auto& report : reports) states.emplace_back(to_string(report.state));
  // Of an object that is reported twice the last report counts.
  const auto noted =
      connection
          .exec(
              "UPDATE dsar.erased_object AS o SET state = r.state, reported_at = clock_timestamp() "
              "FROM (SELECT DISTINCT ON (id) id, state FROM unnest($1::bigint[], $2::text[]) WITH "
              "ORDINALITY AS u(id, state, n) ORDER BY id, n DESC) AS r WHERE o.id = r.id AND "
              "o.state IS DISTINCT FROM r.state",
              {ids_of(reports), array_value(states)})
          ->affected();
  forget_keys(connection, hash_key);
  return noted;
}

std::vector<std::string> erasures_of(Connection& connection,
                                     const std::vector<ObjectReport>& reports) {
  const auto rows = connection.exec(
      "SELECT DISTINCT erasure FROM dsar.erased_object WHERE id = ANY ($1::bigint[]) ORDER BY 1",
      {ids_of(reports)});
  std::vector<std::string> erasures;
  for (std::size_t r = 0; r < rows->rows(); ++r) erasures.push_back(rows->text(r, 0));
  return erasures;
}

std::vector<StoreState> states_of_objects(Connection& connection, const std::string& erasure,
                                          const std::string& hash_key_id) {
  const auto rows = connection.exec(
      "SELECT store, key_hash, coalesce(state, '') FROM dsar.erased_object WHERE erasure = $1 "
      "ORDER BY store, id",
      {erasure});
  const auto hashed_with = hash_key_id + ":";
  std::vector<StoreState> stores;
  bool hashed = false;
  for (std::size_t r = 0; r < rows->rows(); ++r) {
    const auto store = rows->text(r, 0);
    if (stores.empty() || stores.back().store != store) {
      stores.push_back({.store = store});
      hashed = !hash_key_id.empty();
    }
    auto& counts = stores.back();
    const auto state = from_string<ObjectState>(rows->text(r, 2));
    if (!state) {
      ++counts.unreported;
      continue;
    }
    if (*state == ObjectState::failed) {
      ++counts.failed;
      continue;
    }
    ++(*state == ObjectState::deleted ? counts.deleted : counts.not_found);
    const auto hash = rows->text(r, 1);
    hashed = hashed && hash.starts_with(hashed_with);
    counts.gone_digest =
        hashed ? added_sum(counts.gone_digest, hash.substr(hashed_with.size())) : std::string();
  }
  return stores;
}

void store_statement(Connection& connection, const StoredStatement& statement) {
  connection.exec(
      "INSERT INTO dsar.erasure_statement (erasure, number, actor, statement, signature) VALUES "
      "($1, $2::integer, $3, $4, decode($5, 'hex'))",
      {statement.erasure, std::to_string(statement.number), statement.actor, statement.statement,
       to_hex(statement.signature)});
}

std::optional<StoredStatement> last_statement(Connection& connection, const std::string& erasure) {
  const auto rows = connection.exec(
      "SELECT erasure, number, actor, statement, encode(signature, 'hex') FROM "
      "dsar.erasure_statement WHERE erasure = $1 ORDER BY number DESC LIMIT 1",
      {erasure});
  if (rows->rows() == 0) return std::nullopt;
  return StoredStatement{rows->text(0, 0), std::stoll(rows->text(0, 1)), rows->text(0, 2),
                         rows->text(0, 3), from_hex(rows->text(0, 4))};
}

}  // namespace dsar::pg
