#include "core/pg/begun_erasures.hpp"

#include "core/error.hpp"
#include "core/iso_date.hpp"
#include "core/pg/erasures.hpp"
#include "core/sql.hpp"

namespace dsar::pg {
namespace {

constexpr const char* columns =
    "b.id, coalesce(b.follows, ''), b.whole_tenant, b.tenant_key, b.tenant, "
    "coalesce(b.request, 0), b.actor, b.hash_key, b.scope, coalesce(b.backups_until::text, '')";

// The first half says 'dsar', as everywhere; 3 is the sweeps' lock.
constexpr std::string_view try_lock = "SELECT pg_catalog.pg_try_advisory_lock(1685283186, 5)";
constexpr std::string_view unlock = "SELECT pg_catalog.pg_advisory_unlock(1685283186, 5)";

BegunErasure read(const Result& rows, std::size_t row) {
  BegunErasure begun;
  begun.id = rows.text(row, 0);
  begun.follows = rows.text(row, 1);
  begun.whole_tenant = rows.text(row, 2) == "t";
  begun.tenant_key = rows.text(row, 3);
  begun.tenant = rows.text(row, 4);
  begun.request = std::stoll(rows.text(row, 5));
  begun.actor = rows.text(row, 6);
  begun.hash_key_id = rows.text(row, 7);
  begun.scope = rows.text(row, 8);
  begun.backups_until = parse_iso_date(rows.text(row, 9));
  return begun;
}

void read_subject(Connection& connection, BegunErasure& begun) {
  const auto rows = connection.exec(
      "SELECT s.hash FROM dsar.erasure_begun AS b, unnest(b.subject) WITH ORDINALITY AS s(hash, n) "
      "WHERE b.id = $1 ORDER BY s.n",
      {begun.id});
  for (std::size_t r = 0; r < rows->rows(); ++r) begun.subject.push_back(rows->text(r, 0));
}

std::optional<std::string> null_if_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

void store_begun(Connection& connection, const BegunErasure& erasure) {
  connection.exec(
      "INSERT INTO dsar.erasure_begun (id, follows, whole_tenant, tenant_key, tenant, request, "
      "actor, hash_key, subject, scope, backups_until) VALUES ($1, $2, $3::boolean, $4, $5, "
      "$6::bigint, $7, $8, $9::text[], $10, $11::date)",
      {erasure.id, null_if_empty(erasure.follows), erasure.whole_tenant ? "true" : "false",
       erasure.tenant_key, erasure.tenant,
       erasure.request == 0 ? std::nullopt : std::optional(std::to_string(erasure.request)),
       erasure.actor, erasure.hash_key_id, array_value(erasure.subject), erasure.scope,
       erasure.backups_until ? std::optional(iso_text(*erasure.backups_until)) : std::nullopt});
  const auto [sets, keys] = listed(erasure.rows);
  if (sets.empty()) return;
  connection.exec(
      "INSERT INTO dsar.erasure_begun_row (erasure, record_set, row_key, person) SELECT $1, "
      "r.name, "
      "r.key::text[], true FROM unnest($2::text[], $3::text[]) AS r(name, key)",
      {erasure.id, array_value(sets), array_value(keys)});
}

std::vector<BegunErasure> list_begun(Connection& connection) {
  const auto rows = connection.exec(std::string("SELECT ") + columns +
                                    " FROM dsar.erasure_begun AS b ORDER BY b.begun_at, b.id");
  std::vector<BegunErasure> all;
  for (std::size_t r = 0; r < rows->rows(); ++r) all.push_back(read(*rows, r));
  return all;
}

std::optional<BegunErasure> find_begun(Connection& connection, const std::string& tenant_key,
                                       const SubjectKeys& rows) {
  const auto [sets, keys] = listed(rows);
  if (sets.empty()) return std::nullopt;
  const auto found = connection.exec(
      std::string("SELECT ") + columns +
          " FROM dsar.erasure_begun AS b WHERE NOT b.whole_tenant AND b.tenant_key = $1 AND EXISTS "
          "(SELECT FROM dsar.erasure_begun_row AS r JOIN unnest($2::text[], $3::text[]) AS k(name, "
          "key) ON r.record_set = k.name AND r.row_key = k.key::text[] WHERE r.erasure = b.id AND "
          "r.person) "
          "ORDER BY b.begun_at LIMIT 1",
      {tenant_key, array_value(sets), array_value(keys)});
  if (found->rows() == 0) return std::nullopt;
  auto begun = read(*found, 0);
  read_subject(connection, begun);
  return begun;
}

std::optional<BegunErasure> find_begun_by_id(Connection& connection, const std::string& id) {
  const auto found = connection.exec(std::string("SELECT ") + columns +
                                         " FROM dsar.erasure_begun AS b WHERE starts_with(b.id, $1)"
                                         " LIMIT 2",
                                     {id});
  if (found->rows() != 1) return std::nullopt;
  auto begun = read(*found, 0);
  read_subject(connection, begun);
  const auto rows = connection.exec(
      "SELECT r.id, r.record_set, k.part FROM dsar.erasure_begun_row AS r, unnest(r.row_key) WITH "
      "ORDINALITY AS k(part, n) WHERE r.erasure = $1 AND r.person ORDER BY r.id, k.n",
      {begun.id});
  begun.rows = keys_of(*rows);
  return begun;
}

std::optional<BegunErasure> find_begun_tenant(Connection& connection, const std::string& slug) {
  const auto found = connection.exec(
      std::string("SELECT ") + columns +
          " FROM dsar.erasure_begun AS b WHERE b.whole_tenant AND b.tenant = $1 ORDER BY "
          "b.begun_at LIMIT 1",
      {slug});
  return found->rows() == 0 ? std::nullopt : std::optional(read(*found, 0));
}

std::string last_tenant_erasure(Connection& connection, const std::string& tenant_key) {
  const auto found = connection.exec(
      "SELECT id FROM dsar.erasure WHERE whole_tenant AND tenant_key = $1 ORDER BY done_at DESC "
      "LIMIT 1",
      {tenant_key});
  return found->rows() == 0 ? std::string() : found->text(0, 0);
}

void note_rows(Connection& connection, const std::string& erasure, const SubjectKeys& rows) {
  const auto [sets, keys] = listed(rows);
  if (sets.empty()) return;
  connection.exec(
      "INSERT INTO dsar.erasure_begun_row (erasure, record_set, row_key) SELECT $1, r.name, "
      "r.key::text[] FROM unnest($2::text[], $3::text[]) AS r(name, key) WHERE NOT EXISTS (SELECT "
      "FROM dsar.erasure_begun_row AS known WHERE known.erasure = $1 AND known.record_set = r.name "
      "AND known.row_key = r.key::text[] AND NOT known.person)",
      {erasure, array_value(sets), array_value(keys)});
}

SubjectKeys noted_rows(Connection& connection, const std::string& erasure) {
  const auto rows = connection.exec(
      "SELECT r.id, r.record_set, k.part FROM dsar.erasure_begun_row AS r, unnest(r.row_key) WITH "
      "ORDINALITY AS k(part, n) WHERE r.erasure = $1 AND NOT r.person ORDER BY r.id, k.n",
      {erasure});
  return keys_of(*rows);
}

std::vector<BatchProgress> progress_of(Connection& connection, const std::string& erasure) {
  const auto rows = connection.exec(
      "SELECT record_set, action, rows, digest FROM dsar.erasure_progress WHERE erasure = $1 "
      "ORDER BY record_set, action",
      {erasure});
  std::vector<BatchProgress> all;
  for (std::size_t r = 0; r < rows->rows(); ++r)
    all.push_back({rows->text(r, 0), *from_string<RowFate>(rows->text(r, 1)),
                   std::stoull(rows->text(r, 2)), rows->text(r, 3)});
  return all;
}

void add_progress(Connection& connection, const std::string& erasure, const BatchProgress& more) {
  connection.exec(
      "INSERT INTO dsar.erasure_progress AS known (erasure, record_set, action, rows, digest) "
      "VALUES ($1, $2, $3, $4::bigint, $5) ON CONFLICT (erasure, record_set, action) DO UPDATE SET "
      "rows = known.rows + excluded.rows, digest = CASE WHEN excluded.digest = '' THEN "
      "known.digest ELSE excluded.digest END",
      {erasure, more.set, std::string(to_string(more.fate)), std::to_string(more.rows),
       more.digest});
}

std::vector<ErasureObjects> erased_objects_of(Connection& connection, const std::string& erasure) {
  const auto rows = connection.exec(
      "SELECT store, count(*) FROM dsar.erased_object WHERE erasure = $1 GROUP BY 1 ORDER BY 1",
      {erasure});
  std::vector<ErasureObjects> objects;
  for (std::size_t r = 0; r < rows->rows(); ++r)
    objects.push_back({rows->text(r, 0), std::stoull(rows->text(r, 1))});
  return objects;
}

void forget_begun(Connection& connection, const std::string& erasure) {
  connection.exec("DELETE FROM dsar.erasure_begun WHERE id = $1", {erasure});
}

ErasureRun::ErasureRun(Connection& control) : control_(control) {
  if (control_.exec(try_lock)->text(0, 0) == "t") return;
  throw Error(ExitCode::locked, "another erasure is going on in batches",
              "Wait for it to end; what it leaves undone the next run takes up.");
}

ErasureRun::~ErasureRun() {
  try {
    control_.exec(unlock);
  } catch (const std::exception&) {  // the connection is gone, and with it the lock
    return;
  }
}

void ErasureRun::take(const std::string& erasure) {
  Transaction transaction(control_, TransactionMode::read_write);
  const auto taken = control_.exec(
      "UPDATE dsar.erasure_begun SET run = run + 1 WHERE id = $1 RETURNING run", {erasure});
  if (taken->rows() != 1)
    throw Error(ExitCode::refused, "erasure " + erasure + " has been done meanwhile");
  erasure_ = erasure;
  number_ = taken->text(0, 0);
  transaction.commit();
}

SqlStatement ErasureRun::fence() const {
  SqlStatement fence;
  fence.text = "SELECT 1 FROM dsar.erasure_begun WHERE id = " + fence.bind(erasure_, "text") +
               " AND run = " + fence.bind(number_, "integer") + " FOR SHARE";
  return fence;
}

void ErasureRun::heed(const Result& fence) const {
  if (fence.rows() == 1) return;
  throw Error(ExitCode::locked, "another run has taken over erasure " + erasure_,
              "Nothing more is deleted by this one.");
}

void ErasureRun::check_alive() {
  control_.exec("SELECT 1");
}

ObjectNotes ErasureRun::notes() const {
  return {"dsar.erased_object", "erasure", "text", erasure_};
}

void ErasureRun::count(Connection& worker, const SweepPass& pass, const BatchCounts& counts) {
  for (const auto& [where, rows] : counts) {
    const auto& set = where.first;
    const bool masks = set == pass.set.set->name && pass.action == SweepAction::mask;
    if (rows > 0)
      add_progress(worker, erasure_, {set, masks ? RowFate::mask : RowFate::remove, rows, {}});
  }
}

}  // namespace dsar::pg
