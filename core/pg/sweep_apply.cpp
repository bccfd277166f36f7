#include "core/pg/sweep_apply.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "core/crypto/hmac.hpp"
#include "core/mask_sql.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/sweep_run.hpp"
#include "core/pg/sweep_walk.hpp"
#include "core/rfc3339.hpp"

namespace dsar::pg {
namespace {

using Clock = std::chrono::steady_clock;

using Gone = BatchCounts;

bool worth_retrying(const std::string& sqlstate) {
  // A lock, a deadlock, another's change, a timeout, a reference that came in between.
  return sqlstate == "55P03" || sqlstate == "40P01" || sqlstate == "40001" || sqlstate == "57014" ||
         sqlstate == "23503" || sqlstate == "23001";
}

/// What all workers share.
class Progress {
 public:
  Progress(const SweepWork& work, SweepPlan& plan)
      : work_(work), plan_(plan), began_(Clock::now()) {}

  /// Why no further batch may begin; nothing: go on.
  std::optional<EndedBy> over() {
    const std::lock_guard lock(mutex_);
    if (work_.stop.stop_requested()) return EndedBy::stopped;
    if (work_.limits.max_rows && gone_ >= *work_.limits.max_rows) return EndedBy::rows;
    if (work_.limits.max_time && Clock::now() - began_ >= *work_.limits.max_time)
      return EndedBy::time;
    return std::nullopt;
  }

  /// Rows that may still go.
  std::size_t at_most(std::size_t wanted) {
    const std::lock_guard lock(mutex_);
    if (!work_.limits.max_rows) return wanted;
    return std::max<std::size_t>(
        1, std::min<std::uint64_t>(
               wanted, *work_.limits.max_rows - std::min(gone_, *work_.limits.max_rows)));
  }

  void add(const SweepPass& pass, const Gone& gone) {
    const std::lock_guard lock(mutex_);
    for (const auto& [where, rows] : gone) {
      if (rows == 0) continue;
      auto& line = line_of(pass, where.first, where.second);
      (line.action == "mask" ? line.masked : line.deleted) += rows;
      gone_ += rows;
    }
    if (work_.gone) work_.gone(gone_);
  }

  void timed(Clock::duration took) {
    const std::lock_guard lock(mutex_);
    auto& result = plan_.result;
    ++result.batches;
    result.longest_batch =
        std::max(result.longest_batch, std::chrono::ceil<std::chrono::milliseconds>(took));
  }

  void fail(const SweepPass& pass, const std::string& why) {
    const std::lock_guard lock(mutex_);
    for (auto& line : plan_.result.lines) {
      if (line.set != pass.set.set->name || !is_of(line, pass)) continue;
      line.note = why;
      line.failed = line.due - std::min(line.due, line.deleted + line.masked);
    }
  }

 private:
  static bool is_of(const SweepLine& line, const SweepPass& pass) {
    if (pass.by == DueBy::orphan) return line.rule.empty();
    return std::any_of(pass.tenants.begin(), pass.tenants.end(), [&](const SetSchedule* one) {
      const auto* rule = rule_of(pass, one);
      return line.tenant == one->tenant->slug && rule != nullptr && line.rule == rule->rule->id;
    });
  }

  SweepLine& line_of(const SweepPass& pass, const std::string& set, const std::string& tenant_key) {
    const SetSchedule* one = nullptr;
    for (const auto* schedule : pass.tenants) {
      if (pass.tenants.size() == 1 || schedule->tenant->key == tenant_key) one = schedule;
    }
    const auto* rule = rule_of(pass, one);
    const auto id = rule == nullptr ? std::string() : rule->rule->id;
    const auto tenant = one == nullptr ? tenant_key : one->tenant->slug;
    const auto action = set == pass.set.set->name ? to_string(pass.action) : "delete";
    for (auto& line : plan_.result.lines) {
      if (line.set == set && line.tenant == tenant && line.rule == id && line.action == action)
        return line;
    }
    SweepLine line;
    line.set = set;
    line.tenant = tenant;
    line.rule = id;
    line.action = action;
    if (rule != nullptr) line.clause = to_text(rule->rule->citation);
    line.table = find_set(work_.world.map, set).table->name.text();
    line.reason = "goes with its row of " + pass.set.set->name;
    plan_.result.lines.push_back(std::move(line));
    return plan_.result.lines.back();
  }

  const SweepWork& work_;
  SweepPlan& plan_;
  Clock::time_point began_;
  std::mutex mutex_;
  std::uint64_t gone_ = 0;
};

/// One connection that deletes, with its own view of what is held.
class Worker {
 public:
  explicit Worker(const SweepWork& work)
      : work_(work),
        connection_(work.conninfo),
        held_(work.world.held),
        world_{work.world.map,
               work.world.catalogue,
               held_,
               work.world.clock_types,
               work.world.schedule,
               connection_.exec("SELECT current_setting('track_counts')")->text(0, 0) == "on"} {}

  Connection& connection() { return connection_; }
  const SweepWorld& world() const { return world_; }

  /// One batch; tried again where others were in the way. Throws ServerError when that was in vain.
  Gone batch(const SweepPass& pass, const Scope& scope) {
    for (int attempt = 1;; ++attempt) {
      try {
        return try_batch(pass, scope);
      } catch (const ServerError& error) {
        if (!worth_retrying(error.sqlstate()) || attempt >= work_.limits.attempts) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(20) * (1 << attempt));
      }
    }
  }

  /// Empties a partition; nothing where it may not be emptied after all.
  std::optional<Gone> empty(const SweepPass& pass, const ExpiredLeaf& leaf) {
    Transaction transaction(connection_, TransactionMode::read_write);
    begin_batch();
    auto gone = empty_leaf(connection_, world_, pass, leaf, work_.limits.drop_empty);
    if (!gone) return std::nullopt;
    Gone counted;
    for (const auto& [tenant, rows] : *gone) counted[{pass.set.set->name, tenant}] += rows;
    work_.run.count(connection_, pass, counted);
    transaction.commit();
    return counted;
  }

 private:
  /// What every deleting transaction begins with.
  void begin_batch() {
    connection_.exec(
        // What a crash undoes is due again in the next run; the run's own record is durable, and
        // with it all before it.
        "SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = " +
        std::to_string(work_.limits.lock_timeout.count()) + "; SET LOCAL statement_timeout = " +
        std::to_string(work_.limits.statement_timeout.count()));
    share_hold_lock(connection_);
    if (hold_epoch(connection_) != held_.epoch) {
      // The lock is kept: what is held now cannot change before this batch is done.
      held_ = held_now(connection_, work_.world.map, work_.world.catalogue);
    }
    work_.run.fence(connection_);
  }

  Gone try_batch(const SweepPass& pass, const Scope& scope) {
    Transaction transaction(connection_, TransactionMode::read_write);
    begin_batch();
    const bool hashes = pass.action == SweepAction::mask &&
                        !hashed_columns(world_.catalogue, pass.set, pass.masks).empty();
    auto gone = hashes ? mask_with_hashes(pass, scope) : steps(pass, scope);
    work_.run.count(connection_, pass, gone);
    transaction.commit();
    return gone;
  }

  Gone steps(const SweepPass& planned, const Scope& scope) {
    Gone gone;
    std::map<std::string, std::uint64_t> counters;
    auto pass = planned;
    if (live_table(world_.catalogue, pass.set.table->name).kind == 'f') find_held_keys(pass);
    for (const auto& step : batch_steps(world_, pass, scope, work_.run.notes())) {
      if (is_foreign(step, pass)) require_direct_delete(step);
      const auto result = connection_.exec(step.statement.text, step.statement.params());
      if (step.kind == SweepStep::Kind::lock || step.kind == SweepStep::Kind::references) continue;
      if (step.kind == SweepStep::Kind::counter) {
        const auto deleted = std::stoull(result->text(0, 0));
        const auto before = counters.try_emplace(step.set, deleted).first->second;
        gone[{step.set, only_tenant(pass)}] += deleted - before;
        continue;
      }
      if (!step.by_tenant) {
        gone[{step.set, only_tenant(pass)}] += result->affected();
        continue;
      }
      for (std::size_t r = 0; r < result->rows(); ++r) {
        const auto tenant = pass.tenants.size() == 1 ? only_tenant(pass) : result->text(r, 0);
        gone[{step.set, tenant}] += std::stoull(result->text(r, 1));
      }
    }
    return gone;
  }

  void find_held_keys(SweepPass& pass) {
    SqlStatement ignored;
    if (SweepConditions(world_, ignored, false).held(pass.set, "t0") == "false") return;
    const auto statement = held_keys_statement(world_, pass);
    const auto found = connection_.exec(statement.text, statement.params());
    pass.held_keys.emplace();
    for (std::size_t r = 0; r < found->rows(); ++r) pass.held_keys->push_back(found->text(r, 0));
  }

  static std::string only_tenant(const SweepPass& pass) {
    return pass.tenants.size() == 1 ? pass.tenants.front()->tenant->key : std::string();
  }

  Gone mask_with_hashes(const SweepPass& pass, const Scope& scope) {
    if (work_.hash_key.empty())
      throw Error(ExitCode::usage,
                  "record set " + pass.set.set->name +
                      " is masked by keyed hashes, and no key is "
                      "given",
                  "Give the key's file with --hash-key.");
    constexpr std::size_t at_once = 1000;
    Gone gone;
    HmacSha256 mac(work_.hash_key);
    const auto columns = hashed_columns(world_.catalogue, pass.set, pass.masks);
    for (;;) {
      const auto input = hash_input(world_, pass, scope, at_once);
      const auto rows = connection_.exec(input.text, input.params());
      std::uint64_t masked = 0;
      for (std::size_t r = 0; r < rows->rows(); ++r) {
        const auto key_columns =
            row_key(*pass.set.table, live_table(world_.catalogue, pass.set.table->name)).size();
        std::vector<std::string> key;
        for (std::size_t c = 0; c < key_columns; ++c) key.push_back(rows->text(r, c));
        std::map<std::string, std::optional<std::string>> hashes;
        for (std::size_t c = 0; c < columns.size(); ++c) {
          const auto value = rows->at(r, key_columns + c);
          hashes[columns[c]] = value ? std::optional(mac.hex(*value)) : std::nullopt;
        }
        const auto step = hash_step(world_, pass, scope, key, hashes);
        const auto result = connection_.exec(step.statement.text, step.statement.params());
        gone[{step.set, rows->text(r, key_columns + columns.size())}] += result->affected();
        masked += result->affected();
      }
      if (rows->rows() < at_once || masked == 0) return gone;
    }
  }

  [[nodiscard]] bool is_foreign(const SweepStep& step, const SweepPass& pass) const {
    const auto& table = step.kind == SweepStep::Kind::dependants
                            ? find_set(world_.map, step.set).table->name
                            : pass.set.table->name;
    const auto* live = find_table(world_.catalogue, table);
    return live != nullptr && live->kind == 'f';
  }

  /// A delete that is not pulled up whole goes row by row and by ctid, which on a partitioned
  /// remote table may be another row's.
  void require_direct_delete(const SweepStep& step) {
    const auto plan =
        connection_.exec("EXPLAIN (COSTS OFF) " + step.statement.text, step.statement.params());
    for (std::size_t r = 0; r < plan->rows(); ++r) {
      const auto line = plan->text(r, 0);
      const bool direct = line.find("Foreign Delete on ") != std::string::npos ||
                          line.find("Foreign Update on ") != std::string::npos;
      if (direct) return;
    }
    throw Error(ExitCode::refused,
                "the foreign table of record set " + step.set +
                    " cannot be swept: the remote server does not delete by itself",
                "Sweep the remote database itself, with a map of its own.");
  }

  const SweepWork& work_;
  Connection connection_;
  Held held_;
  SweepWorld world_;
};

class Applier {
 public:
  Applier(const SweepWork& work, SweepPlan& plan)
      : work_(work), plan_(plan), progress_(work, plan) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, work.limits.jobs); ++i)
      workers_.push_back(std::make_unique<Worker>(work));
  }

  EndedBy run() {
    keep_renewed_dates();
    for (const auto* list : {&plan_.events, &plan_.passes}) {
      for (const auto& planned : *list) {
        if (planned.due == 0 || planned.pass.set.set == nullptr) continue;
        if (const auto over = progress_.over()) return *over;
        if (!planned.refused.empty()) {
          progress_.fail(planned.pass, planned.refused);
          continue;
        }
        if (work_.progress) work_.progress(planned.pass.set.set->name);
        sweep(planned);
        if (ended_) return *ended_;
      }
    }
    return EndedBy::done;
  }

 private:
  /// Before the rows that tell are deleted: the dates that later periods count from.
  void keep_renewed_dates() {
    for (const auto* schedule : plan_.renewed) {
      auto& connection = workers_.front()->connection();
      Renewable renewable;
      {
        Transaction reading(connection, TransactionMode::read_only);
        renewable = read_renewable(connection, work_.world, *schedule, work_.now);
      }
      if (renewable.kept.empty()) continue;
      std::vector<std::string> keys;
      std::vector<std::string> dates;
      for (const auto& [key, date] : renewable.kept) {
        keys.push_back(key);
        dates.push_back(rfc3339(date));
      }
      Transaction writing(connection, TransactionMode::read_write);
      work_.run.fence(connection);
      connection.exec(
          "INSERT INTO dsar.kept_event AS known (record_set, row_key, event, happened_at) "
          "SELECT $1, k.key::text[]::text, $2, k.date FROM unnest($3::text[], $4::timestamptz[]) "
          "AS k(key, date) ON CONFLICT (record_set, row_key, event) DO UPDATE "
          "SET happened_at = excluded.happened_at "
          "WHERE known.happened_at IS DISTINCT FROM excluded.happened_at",
          {schedule->set.set->name, std::string(to_string(schedule->renewed->event)),
           array_value(keys), array_value(dates)});
      writing.commit();
    }
  }

  void sweep(const PlannedPass& planned) {
    try {
      auto& first = *workers_.front();
      if (!planned.leaves.empty() && empty_leaves(planned, first)) return;
      const auto walk = plan_walk(first.connection(), first.world(), planned.pass, planned.due,
                                  work_.limits.batch_rows);
      std::vector<std::jthread> others;
      const auto jobs = walk->shared() ? workers_.size() : 1;
      for (std::size_t i = 1; i < jobs; ++i)
        others.emplace_back([&, i] { guarded(planned.pass, *walk, *workers_[i]); });
      guarded(planned.pass, *walk, first);
      others.clear();
      if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
    } catch (const ServerError& error) {
      progress_.fail(planned.pass, error.what());
    } catch (const Error& error) {
      // Without the database or the lock nothing can go on; what one set lacks stops that set.
      if (error.code() == ExitCode::database || error.code() == ExitCode::locked) throw;
      progress_.fail(planned.pass, error.what());
    }
    // The lock may have gone with its connection.
    work_.run.check_alive();
  }

  /// Empties the partitions of which everything is due; true if nothing is left to do then.
  bool empty_leaves(const PlannedPass& planned, Worker& worker) {
    std::uint64_t rows = 0;
    for (const auto& leaf : planned.leaves) {
      if (progress_.over()) return false;
      try {
        const auto gone = worker.empty(planned.pass, leaf);
        if (!gone) return false;
        progress_.add(planned.pass, *gone);
        for (const auto& [where, count] : *gone) rows += count;
      } catch (const ServerError& error) {
        // Without the right to it, or while others use it, its rows go one range at a time.
        if (error.sqlstate() != "42501" && !worth_retrying(error.sqlstate())) throw;
        return false;
      }
    }
    return rows >= planned.due;
  }

  void guarded(const SweepPass& pass, Walk& walk, Worker& worker) {
    try {
      work_through(pass, walk, worker);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!fault_) fault_ = std::current_exception();
    }
  }

  void work_through(const SweepPass& pass, Walk& walk, Worker& worker) {
    auto rows = first_batch(pass);
    for (;;) {
      if (const auto over = progress_.over()) {
        const std::lock_guard lock(mutex_);
        ended_ = over;
        return;
      }
      std::optional<Scope> scope;
      {
        const std::lock_guard lock(mutex_);
        if (fault_) return;
        look_after_lock();
        wait_for_replicas();
        scope = walk.next(worker.connection(), progress_.at_most(rows));
      }
      if (!scope) return;
      const auto began = Clock::now();
      progress_.add(pass, worker.batch(pass, *scope));
      const auto took = Clock::now() - began;
      progress_.timed(took);
      rows = adapted(rows, took);
    }
  }

  /// Rows that others refer to take several times longer.
  [[nodiscard]] std::size_t first_batch(const SweepPass& pass) const {
    constexpr std::size_t times = 8;
    const auto& world = work_.world;
    const bool referred = !dependants(world.map, pass.set).empty() ||
                          !referrers(world.map, world.catalogue, pass.set).empty();
    return referred ? std::max<std::size_t>(1, work_.limits.batch_rows / times)
                    : work_.limits.batch_rows;
  }

  [[nodiscard]] std::size_t adapted(std::size_t rows, Clock::duration took) const {
    constexpr std::size_t least = 50;
    constexpr std::size_t most = 20000;
    const auto target = std::chrono::duration<double>(work_.limits.batch_time).count();
    const auto seconds = std::max(1e-4, std::chrono::duration<double>(took).count());
    const auto factor = std::clamp(target / seconds, 0.5, 1.5);
    return std::clamp(static_cast<std::size_t>(static_cast<double>(rows) * factor), least, most);
  }

  /// The lock may have gone with its connection; the fence stops a batch only once another run has
  /// taken it.
  void look_after_lock() {
    constexpr auto pause = std::chrono::seconds(1);
    if (Clock::now() - looked_after_lock_ < pause) return;
    work_.run.check_alive();
    looked_after_lock_ = Clock::now();
  }

  void wait_for_replicas() {
    if (!work_.limits.max_lag) return;
    constexpr auto pause = std::chrono::milliseconds(500);
    if (Clock::now() - asked_for_lag_ < pause) return;
    bool waited = false;
    for (;;) {
      const auto lag = replica_lag(work_.control);
      if (lag <= *work_.limits.max_lag || progress_.over()) break;
      waited = true;
      if (work_.waiting) work_.waiting(lag);
      std::this_thread::sleep_for(pause);
    }
    if (waited && work_.waiting) work_.waiting(std::nullopt);
    asked_for_lag_ = Clock::now();
  }

  const SweepWork& work_;
  SweepPlan& plan_;
  Progress progress_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::mutex mutex_;
  std::exception_ptr fault_;
  std::optional<EndedBy> ended_;
  Clock::time_point looked_after_lock_{};
  Clock::time_point asked_for_lag_{};
};

}  // namespace

EndedBy apply_sweep(const SweepWork& work, SweepPlan& plan) {
  return Applier(work, plan).run();
}

}  // namespace dsar::pg
