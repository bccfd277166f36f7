#include "core/pg/sweep_apply.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <thread>

#include "core/pg/sweep_run.hpp"
#include "core/pg/sweep_walk.hpp"
#include "core/pg/sweep_worker.hpp"
#include "core/rfc3339.hpp"

namespace dsar::pg {
namespace {

using Clock = std::chrono::steady_clock;

/// Of rows that are known by their keys: so many are bound to a statement at once.
constexpr std::size_t keys_at_once = 1000;

/// What all workers share.
class Progress {
 public:
  Progress(const SweepWork& work, SweepPlan& plan)
      : work_(work), plan_(plan), began_(Clock::now()) {}

  /// Why no further batch may begin; nothing: go on. `uncommitted`: rows that will have gone.
  std::optional<EndedBy> over(std::uint64_t uncommitted = 0) {
    const std::lock_guard lock(mutex_);
    if (work_.stop.stop_requested()) return EndedBy::stopped;
    if (work_.limits.max_rows && gone_ + uncommitted >= *work_.limits.max_rows)
      return EndedBy::rows;
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

  void add(const SweepPass& pass, const BatchCounts& gone) {
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

class Applier {
 public:
  Applier(const SweepWork& work, SweepPlan& plan)
      : work_(work), plan_(plan), progress_(work, plan) {
    for (std::size_t i = 0; i < std::max<std::size_t>(1, work.limits.jobs); ++i)
      workers_.push_back(std::make_unique<SweepWorker>(work));
    pin_settings(work.control);
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
      const auto& kept = renewable.kept;
      for (std::size_t from = 0; from < kept.size(); from += keys_at_once)
        keep_dates(connection, *schedule,
                   {kept.data() + from, std::min(keys_at_once, kept.size() - from)});
    }
  }

  /// What is there already is left as it is: a run that ends in the midst loses nothing.
  void keep_dates(Connection& connection, const SetSchedule& schedule,
                  std::span<const std::pair<std::string, Instant>> rows) {
    std::vector<std::string> keys;
    std::vector<std::string> dates;
    for (const auto& [key, date] : rows) {
      keys.push_back(key);
      dates.push_back(rfc3339(date));
    }
    Transaction writing(connection, TransactionMode::read_write, {work_.run.fence()});
    work_.run.heed(*writing.begun_with().front());
    connection.exec(
        "INSERT INTO dsar.kept_event AS known (record_set, row_key, event, happened_at) "
        "SELECT $1, k.key::text[]::text, $2, k.date FROM unnest($3::text[], $4::timestamptz[]) "
        "AS k(key, date) ON CONFLICT (record_set, row_key, event) DO UPDATE "
        "SET happened_at = excluded.happened_at "
        "WHERE known.happened_at IS DISTINCT FROM excluded.happened_at",
        {schedule.set.set->name, std::string(to_string(schedule.renewed->event)), array_value(keys),
         array_value(dates)});
    writing.commit();
  }

  void sweep(const PlannedPass& planned) {
    try {
      if (!planned.leaves.empty() && empty_leaves(planned)) return;
      if (planned.pass.by == DueBy::keys) {
        sweep_keys(planned);
      } else {
        walk_through(planned.pass, planned.due);
      }
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

  /// Piece by piece of the keys. What waits for a row of a later piece is left for another plan.
  void sweep_keys(const PlannedPass& planned) {
    for (std::size_t from = 0; !ended_; from += keys_at_once) {
      const auto piece = piece_of_keys(planned.pass, from, keys_at_once);
      if (!piece) return;
      walk_through(*piece, planned.due);
    }
  }

  void walk_through(const SweepPass& pass, std::uint64_t due) {
    auto& first = *workers_.front();
    const auto walk =
        plan_walk(first.connection(), first.world(), pass, due, work_.limits.batch_rows);
    at_once(walk->shared() ? workers_.size() : 1,
            [&](SweepWorker& worker) { work_through(pass, *walk, worker); });
  }

  /// By so many workers at once. Throws what the first of them to fail has thrown, once all ended.
  void at_once(std::size_t jobs, const std::function<void(SweepWorker&)>& work) {
    const auto guarded = [&](SweepWorker& worker) {
      try {
        work(worker);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!fault_) fault_ = std::current_exception();
      }
    };
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < jobs; ++i)
        others.emplace_back([&guarded, worker = workers_[i].get()] { guarded(*worker); });
      guarded(*workers_.front());
    }
    if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
  }

  [[nodiscard]] bool faulty() {
    const std::lock_guard lock(mutex_);
    return fault_ != nullptr;
  }

  /// Empties the partitions of which everything is due; true if nothing is left to do then. Where
  /// one cannot be emptied, it and those after it have to go one range at a time.
  bool empty_leaves(const PlannedPass& planned) {
    std::atomic<std::size_t> next = 0;
    std::atomic<std::uint64_t> taken = 0;  // rows in what has been given to a worker
    std::atomic<std::uint64_t> rows = 0;   // that have gone
    std::atomic<bool> by_ranges = false;
    const auto take = [&]() -> const ExpiredLeaf* {
      const std::uint64_t gone = rows;
      const auto under_way = std::max<std::uint64_t>(taken, gone) - gone;
      if (by_ranges || faulty() || progress_.over(under_way)) return nullptr;
      const auto i = next++;
      if (i >= planned.leaves.size()) return nullptr;
      taken += planned.leaves[i].rows;
      return &planned.leaves[i];
    };
    // Dropping locks the partitioned table too: two would lock each other out.
    at_once(work_.limits.drop_empty ? 1 : workers_.size(), [&](SweepWorker& worker) {
      for (const auto* first = take(); first != nullptr;) {
        const auto done = emptied(planned.pass, *first, take, worker);
        rows += rows_of(done.gone);
        if (done.left == first) by_ranges = true;
        const bool again = done.left != nullptr && !by_ranges && !faulty() && !progress_.over();
        first = again ? done.left : take();
      }
    });
    return !by_ranges && rows >= planned.due;
  }

  /// Empties the first of them, and others as long as the transaction stays short; the one that
  /// `left` names is to be the first of the next. The first itself is left without the right to
  /// empty it, and while others use it.
  EmptiedLeaves emptied(const SweepPass& pass, const ExpiredLeaf& first, const NextLeaf& take,
                        SweepWorker& worker) {
    const auto began = Clock::now();
    auto rows = std::max<std::uint64_t>(1, first.rows);
    const ExpiredLeaf* waiting = nullptr;
    const auto next = [&]() -> const ExpiredLeaf* {
      // The partitioned table is locked by now.
      if (work_.limits.drop_empty) return nullptr;
      const auto* leaf = take();
      if (leaf == nullptr) return nullptr;
      // Its rows may have to be looked at, while those before it are locked.
      const auto share = static_cast<double>(leaf->rows) / static_cast<double>(rows);
      const std::chrono::duration<double> took = Clock::now() - began;
      if (took * (1 + share) > work_.limits.batch_time) {
        waiting = leaf;
        return nullptr;
      }
      rows += leaf->rows;
      return leaf;
    };
    try {
      auto done = worker.empty(pass, first, next);
      if (done.left == &first) return done;
      if (done.left == nullptr) done.left = waiting;
      progress_.timed(Clock::now() - began);
      progress_.add(pass, done.gone);
      return done;
    } catch (const ServerError& error) {
      if (error.sqlstate() != "42501" && !worth_retrying(error.sqlstate())) throw;
      return {{}, &first};
    }
  }

  void work_through(const SweepPass& pass, Walk& walk, SweepWorker& worker) {
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
        scope = walk.next(worker.connection(), progress_.at_most(rows));
        look_after_lock();
        wait_for_replicas();
        // With a limit, what goes until then says how many may go.
        if (scope && !work_.limits.max_rows) walk.look_ahead(work_.control, rows);
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
    // However fast they go: others' commits wait for what a transaction has logged.
    constexpr std::size_t most = 8000;
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
  std::vector<std::unique_ptr<SweepWorker>> workers_;
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
