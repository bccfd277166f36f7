#include "core/pg/sweep_run.hpp"

#include "core/pg/audit.hpp"
#include "core/pg/health.hpp"
#include "core/sql.hpp"

namespace dsar::pg {
namespace {

// The first half says 'dsar', as everywhere; 1 is the migrations' lock, 2 the holds', 4
// the audit trail's.
constexpr std::string_view try_lock = "SELECT pg_catalog.pg_try_advisory_lock(1685283186, 3)";
constexpr std::string_view unlock = "SELECT pg_catalog.pg_advisory_unlock(1685283186, 3)";

[[noreturn]] void refuse_locked(Connection& control) {
  std::string since;
  try {
    const auto other = control.exec(
        "SELECT id, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM "
        "dsar.sweep_run WHERE state = 'running' ORDER BY id DESC LIMIT 1");
    if (other->rows() == 1)
      since = ": run " + other->text(0, 0) + ", started at " + other->text(0, 1);
  } catch (const ServerError&) {
    since.clear();
  }
  throw Error(ExitCode::locked, "another sweep is running" + since,
              "Wait for it to end; 'dsarctl sweep history' shows it.");
}

}  // namespace

SweepRun::SweepRun(Connection& control, const NewRun& run) : control_(control), actor_(run.actor) {
  if (control_.exec(try_lock)->text(0, 0) != "t") refuse_locked(control_);
  Transaction transaction(control_, TransactionMode::read_write);
  // Waits for a batch of the earlier run that is still under way: it looks at this row.
  control_.exec(
      "UPDATE dsar.sweep_run SET state = 'interrupted', ended_at = clock_timestamp() "
      "WHERE state = 'running'");
  const auto made = control_.exec(
      "INSERT INTO dsar.sweep_run (started_at, state, actor, tool_version, as_of, plan_digest) "
      "VALUES (clock_timestamp(), 'running', $1, $2, $3::timestamptz, $4) RETURNING id",
      {run.actor, run.tool_version, run.as_of,
       run.plan_digest.empty() ? std::optional<std::string>() : run.plan_digest});
  id_ = made->text(0, 0);
  AuditNote note{actor_, "sweep", {}, {}, {{"run", id_}, {"stage", "begun"}}};
  if (!run.plan_digest.empty()) note.facts["plan"] = run.plan_digest;
  append_audit(control_, note);
  transaction.commit();
}

SweepRun::~SweepRun() {
  try {
    if (open_) finish("failed", {});
    control_.exec(unlock);
  } catch (const std::exception&) {  // the connection is gone, and with it the lock
    return;
  }
}

SqlStatement SweepRun::fence() const {
  SqlStatement fence;
  fence.text = "SELECT 1 FROM dsar.sweep_run WHERE id = " + fence.bind(id_, "bigint") +
               " AND state = 'running' FOR SHARE";
  return fence;
}

void SweepRun::heed(const Result& fence) const {
  if (fence.rows() == 1) return;
  throw Error(ExitCode::locked, "another sweep has taken over from run " + id_,
              "Nothing more is deleted by this one; see 'dsarctl sweep history'.");
}

void SweepRun::finish(const std::string& state, const std::string& result_json,
                      std::map<std::string, std::string> facts) {
  Transaction transaction(control_, TransactionMode::read_write);
  control_.exec(
      "UPDATE dsar.sweep_run SET state = $2, ended_at = clock_timestamp(), result = $3::jsonb "
      "WHERE id = $1::bigint AND state = 'running'",
      {id_, state,
       result_json.empty() ? std::optional<std::string>()
                           : std::optional<std::string>(result_json)});
  facts["run"] = id_;
  facts["stage"] = state;
  append_audit(control_, {actor_, "sweep", {}, {}, std::move(facts)});
  transaction.commit();
  open_ = false;
}

void SweepRun::check_alive() {
  control_.exec("SELECT 1");
}

ObjectNotes SweepRun::notes() const {
  return {"dsar.removed_object", "run", "bigint", id_};
}

void SweepRun::count(Connection& /*worker*/, const SweepPass& /*pass*/,
                     const BatchCounts& /*counts*/) {}

std::vector<RunRecord> list_runs(Connection& connection, std::size_t limit) {
  Transaction transaction(connection, TransactionMode::read_only);
  constexpr const char* moment = "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'";
  const auto found =
      connection.exec(std::string("SELECT id, to_char(started_at AT TIME ZONE 'UTC', ") + moment +
                          "), to_char(ended_at AT TIME ZONE 'UTC', " + moment +
                          "), state, actor, to_char(as_of AT TIME ZONE 'UTC', " + moment +
                          "), result::text FROM dsar.sweep_run ORDER BY id DESC LIMIT $1::bigint",
                      {std::to_string(limit)});
  std::vector<RunRecord> runs;
  for (std::size_t r = 0; r < found->rows(); ++r)
    runs.push_back({found->text(r, 0), found->text(r, 1), found->text(r, 2), found->text(r, 3),
                    found->text(r, 4), found->text(r, 5), found->text(r, 6)});
  return runs;
}

std::optional<std::uint64_t> rows_of_last_run(Connection& connection) {
  const auto found = connection.exec(
      "SELECT result ->> 'gone' FROM dsar.sweep_run WHERE state = 'done' AND result ? 'gone' "
      "ORDER BY id DESC LIMIT 1");
  if (found->rows() == 0 || !found->at(0, 0)) return std::nullopt;
  return std::stoull(found->text(0, 0));
}

std::chrono::milliseconds replica_lag(Connection& connection) {
  const auto lag = connection.exec(
      "SELECT count(*), count(*) FILTER (WHERE state IS NULL), "
      "coalesce(ceil(1000 * extract(epoch FROM max(replay_lag))), 0)::bigint "
      "FROM pg_catalog.pg_stat_replication");
  if (lag->text(0, 1) != "0")
    throw Error(ExitCode::usage, "the role may not see how far standbys are behind",
                "Grant it pg_monitor, or leave out --max-lag.");
  return std::chrono::milliseconds(std::stoll(lag->text(0, 2)));
}

std::uint64_t removed_objects(Connection& connection, const std::string& run) {
  const auto count =
      connection.exec("SELECT count(*) FROM dsar.removed_object WHERE run = $1::bigint", {run});
  return std::stoull(count->text(0, 0));
}

std::vector<RemovedObject> list_removed_objects(Connection& connection, bool told) {
  Transaction transaction(connection, TransactionMode::read_only);
  const auto found = connection.exec(
      "SELECT id, run, store, object_key FROM dsar.removed_object WHERE reported_at IS NULL OR "
      "$1::boolean ORDER BY id",
      {told ? "true" : "false"});
  std::vector<RemovedObject> objects;
  for (std::size_t r = 0; r < found->rows(); ++r)
    objects.push_back({found->text(r, 0), found->text(r, 1), found->text(r, 2), found->text(r, 3)});
  return objects;
}

std::uint64_t confirm_removed_objects(Connection& connection, const std::vector<std::string>& ids) {
  const auto done = connection.exec(
      "UPDATE dsar.removed_object SET reported_at = clock_timestamp(), object_key = '' WHERE id = "
      "ANY ($1::bigint[]) AND reported_at IS NULL",
      {array_value(ids)});
  return done->affected();
}

Instant server_clock(Connection& connection) {
  const auto now = connection.exec(
      "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint");
  return Instant{std::chrono::microseconds(std::stoll(now->text(0, 0)))};
}

void refuse_transaction_pooler(Connection& connection, const std::string& conninfo) {
  const auto pooling = find_pooling(connection, conninfo);
  if (pooling == Pooling::none || pooling == Pooling::session) return;
  throw Error(ExitCode::refused, "the connection goes through a transaction pooler",
              "A sweep needs a session of its own: connect to the server itself.");
}

}  // namespace dsar::pg
