#include "cmd/sweep_command.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cmd/actor.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/logging.hpp"
#include "cmd/output.hpp"
#include "cmd/server_time.hpp"
#include "cmd/signed_files.hpp"
#include "cmd/sweep_indexes.hpp"
#include "cmd/sweep_watch.hpp"
#include "cmd/version.hpp"
#include "cmd/whole_file.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/sweep_apply.hpp"
#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "core/sweep_bounds.hpp"
#include "core/sweep_breaker.hpp"
#include "core/tenant_removal.hpp"
#include "formats/safe_file.hpp"
#include "formats/sweep_report.hpp"

namespace dsar::cmd {
namespace {

/// Rounds in which what the last one made room for is taken too.
constexpr int most_rounds = 4;

std::string json_text(const SweepResult& result) {
  return formats::sweep_json(result).dump();
}

void write_metrics(const std::string& path, const SweepResult& result) {
  if (path.empty()) return;
  formats::SafeFile file(path, formats::SafeFile::Existing::replace,
                         formats::SafeFile::Readers::everybody);
  file.write(formats::sweep_metrics(result));
  file.commit();
}

pg::SweepLimits limits_of(const SweepOptions& options) {
  pg::SweepLimits limits;
  limits.jobs = options.jobs;
  limits.drop_empty = options.drop_empty;
  limits.batch_rows = options.batch_rows;
  limits.max_rows = options.max_rows;
  if (options.max_seconds) limits.max_time = std::chrono::seconds(*options.max_seconds);
  if (options.max_lag) limits.max_lag = std::chrono::seconds(*options.max_lag);
  return limits;
}

Instant clock_now() {
  return std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
}

}  // namespace

SweepCommand::SweepCommand(const SweepOptions& options, Context& context)
    : options_(options),
      context_(context),
      connection_(context.globals.db),
      pool_(context.globals.db) {
  pg::require_schema(connection_);
  if (options.plan.empty()) return;
  file_ = {options.plan, read_whole_file(options.plan), {}};
  reviewed_ = formats::read_sweep_plan(file_.text, file_.path);
  file_.planned_with = reviewed_->planned_with;
  context_.now = reviewed_->as_of;
}

ExitCode SweepCommand::plan() {
  ScheduleReading reading(context_, connection_);
  const auto world = reading.world();
  auto plan = count_watched(reading, filter_of(options_.rule, options_.set, context_, reading));
  add_warnings(plan.result, reading);
  add_missing_indexes(connection_, world, plan, plan.result);
  write_plan(plan.result, reading);
  tell(plan.result);
  return plan.result.cannot_see.empty() ? ExitCode::done : ExitCode::partial;
}

ExitCode SweepCommand::apply() {
  refuse_files_of_others(required_map(context_));
  if (!context_.globals.policy.empty()) refuse_files_of_others(context_.globals.policy);
  pg::refuse_transaction_pooler(connection_, context_.globals.db);
  refuse_future(connection_, context_.now);
  require_level_ledger(context_, connection_);
  if (options_.max_lag) pg::replica_lag(connection_);  // may the role know it?
  pool_.open_ahead(options_.jobs);
  pg::SweepRun run(connection_, {actor_name(context_), version, rfc3339(context_.now),
                                 reviewed_ ? reviewed_->digest : std::string()});
  const auto started = clock_now();
  log_info("sweep " + run.id() + " begins, as of " + rfc3339(context_.now));
  SweepResult result;
  try {
    result = work(run);
  } catch (const Error& error) {
    note_failure(run, started, error);
    throw;
  }
  result.run = run.id();
  result.started = started;
  result.finished = clock_now();
  std::map<std::string, std::string> facts{{"gone", std::to_string(result.gone())},
                                           {"left", std::to_string(result.left())}};
  if (approval_) facts["approved_with"] = approval_->approved_with;
  if (result.needs_approval() > 0)
    facts["needs_approval"] = std::to_string(result.needs_approval());
  run.finish(std::string(to_string(result.state)), json_text(result), std::move(facts));
  log_info("sweep " + result.run + " ends: " + std::string(to_string(result.state)) + ", " +
           std::to_string(result.gone()) + " rows gone, " + std::to_string(result.left()) +
           " left");
  const auto fault = metrics_fault(result);
  ResumedErasures resumed;
  if (options_.resume_erasures && result.state != SweepState::interrupted) resumed = resume();
  tell(result, resumed);
  resumed.rethrow();
  if (fault) throw Error(*fault);
  if (result.state == SweepState::interrupted) return ExitCode::interrupted;
  if (const auto refused = approval_fault(result)) throw Error(*refused);
  return result.state == SweepState::done && !resumed.is_partial() ? ExitCode::done
                                                                   : ExitCode::partial;
}

/// A run counts over those that will delete, and over the one that holds its lock.
pg::CountingBeside SweepCommand::beside(bool little_due) {
  return {&pool_, options_.apply ? options_.jobs : options_.jobs - 1, little_due};
}

pg::SweepPlan SweepCommand::count_watched(const ScheduleReading& reading,
                                          const pg::SweepFilter& filter) {
  SweepWatch watch(context_.globals);
  return count_due(
      connection_, reading, context_, filter, [&](const std::string& set) { watch.counting(set); },
      beside(false));
}

SweepResult SweepCommand::work(pg::SweepRun& run) {
  ScheduleReading reading(context_, connection_);
  const auto filter = filter_of(options_.rule, options_.set, context_, reading);
  auto plan = count_watched(reading, filter);
  if (leave_whole_tenants(plan.result, reading)) plan = count_watched(reading, filter);
  const auto world = reading.world();
  add_missing_indexes(connection_, world, plan, plan.result);
  for (const auto& warning : plan.result.warnings) log_warning(warning);
  refuse_unreviewed(plan.result, reading);
  std::string beyond;
  auto ended = pg::EndedBy::done;
  SweepResult result = plan.result;
  const auto limits = limits_of(options_);
  SweepWatch watch(context_.globals);
  for (int round = 1;; ++round) {
    plan.result.lines = std::move(result.lines);
    const auto before = plan.result.gone();
    ended = pg::apply_sweep(
        {connection_, pool_, run, world, limits, context_.now, hash_key(context_), context_.stop,
         [&](const std::string& set) { watch.sweeping(set, plan.result.lines); },
         [&](std::uint64_t rows) { watch.gone(before + rows); },
         [&](std::optional<std::chrono::milliseconds> lag) { watch.waiting(lag); }},
        plan);
    watch.finished(plan.result.lines);
    result = std::move(plan.result);
    plan = recount(reading, filter);
    settle(result, plan.result);
    const bool progress = result.gone() > before;
    if (ended != pg::EndedBy::done || plan.result.due() == 0 || !progress || round == most_rounds)
      break;
    beyond = why_too_many(result, plan.result, reading);
    if (!beyond.empty()) break;
  }
  result.lines.insert(result.lines.end(), kept_.begin(), kept_.end());
  result.objects = pg::removed_objects(connection_, run.id());
  add_warnings(result, reading);
  if (ended == pg::EndedBy::stopped) {
    result.state = SweepState::interrupted;
  } else {
    const bool complete = ended == pg::EndedBy::done && result.left() == 0 && kept_.empty() &&
                          result.cannot_see.empty();
    result.state = complete ? SweepState::done : SweepState::partial;
  }
  if (!beyond.empty()) result.warnings.push_back(beyond);
  if (ended == pg::EndedBy::rows) result.warnings.emplace_back("ended by --max-rows");
  if (ended == pg::EndedBy::time) result.warnings.emplace_back("ended by --max-seconds");
  return result;
}

pg::SweepPlan SweepCommand::recount(ScheduleReading& reading, const pg::SweepFilter& filter) {
  {
    pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
    reading.held = pg::held_now(connection_, reading.map, reading.catalogue);
  }
  auto context = context_;
  context.stop = {};  // the result must be told, also when the work was stopped
  return count_due(connection_, reading, context, filter, {}, beside(true));
}

/// Why nothing more may be done without a review: what was done, and what has come up since, go
/// beyond what was allowed. Empty: all of it may.
std::string SweepCommand::why_too_many(const SweepResult& done, const SweepResult& found,
                                       const ScheduleReading& reading) {
  if (reviewed_) {
    const auto beyond = rows_beyond(reading.map, reviewed_->lines, done.lines, found.lines);
    return beyond.empty() ? ""
                          : "more has come up than the reviewed plan has: " + join(beyond, "; ");
  }
  const auto why = breaker(in_all(done, found), reading.catalogue);
  return why ? "more has come up meanwhile: " + *why : "";
}

std::optional<std::string> SweepCommand::breaker(const SweepResult& plan,
                                                 const Catalogue& catalogue) {
  return breaker_trips(plan, catalogue, pg::rows_of_last_run(connection_),
                       {options_.breaker_rows, options_.breaker_share, options_.breaker_factor});
}

void SweepCommand::refuse_unreviewed(const SweepResult& plan, const ScheduleReading& reading) {
  if (reviewed_) {
    auto planned = plan;
    // Of a tenant that was to go whole, and stays, rows of these sets go by other rules.
    std::erase_if(planned.lines, [&](const SweepLine& line) {
      return std::any_of(kept_.begin(), kept_.end(), [&](const SweepLine& one) {
        return one.tenant == line.tenant && one.set == line.set && line.due <= one.needs_approval;
      });
    });
    const auto beyond =
        formats::beyond_plan(*reviewed_, planned, reading.map, reading.catalogue.database);
    if (beyond.empty()) return;
    throw Error(ExitCode::refused, "the reviewed plan no longer holds: " + join(beyond, "; "),
                "Write a new plan with --plan-out and review it.");
  }
  const auto why = breaker(plan, reading.catalogue);
  if (!why) return;
  throw Error(ExitCode::refused, *why,
              "Review what is due with 'dsarctl sweep --plan-out FILE', then run 'dsarctl sweep "
              "--apply --plan FILE'.");
}

/// A run that ends in an error is on record as such.
void SweepCommand::note_failure(pg::SweepRun& run, Instant started, const Error& error) {
  SweepResult ended;
  ended.as_of = context_.now;
  ended.run = run.id();
  ended.started = started;
  ended.finished = clock_now();
  ended.state = error.code() == ExitCode::refused       ? SweepState::refused
                : error.code() == ExitCode::interrupted ? SweepState::interrupted
                                                        : SweepState::failed;
  ended.warnings.emplace_back(error.what());
  if (error.code() != ExitCode::database)
    run.finish(std::string(to_string(ended.state)), json_text(ended));
  if (const auto fault = metrics_fault(ended)) log_warning(fault->what());
}

/// Why the metrics could not be written: a full disk must not keep the result from being told.
std::optional<Error> SweepCommand::metrics_fault(const SweepResult& result) const {
  try {
    write_metrics(options_.metrics, result);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

/// Where approval is demanded a tenant goes whole by an approved plan alone. True: some stay, and
/// the schedule is another now.
bool SweepCommand::leave_whole_tenants(const SweepResult& plan, ScheduleReading& reading) {
  if (!approval_demanded(context_)) return false;
  kept_ = removals(plan.lines, reading.schedule);
  if (kept_.empty()) return false;
  try {
    const auto carrier =
        options_.signing_key.empty() ? "" : read_signing_key(options_.signing_key).id();
    approval_ = require_approval(context_, file_, carrier, pg::server_clock(connection_));
    kept_.clear();
    return false;
  } catch (const Error& error) {
    if (error.code() != ExitCode::refused) throw;
    not_approved_ = error.what();
  }
  for (auto& line : kept_) {
    line.needs_approval = std::exchange(line.due, 0);
    line.note = "needs approval";
  }
  reading.keep_whole_tenants(context_.now);
  return true;
}

/// Rows that wait for an approval: the run has gone on without them, and says so at its end.
std::optional<Error> SweepCommand::approval_fault(const SweepResult& result) const {
  if (result.needs_approval() == 0) return std::nullopt;
  return Error(ExitCode::refused,
               "tenants that are to be removed whole stay, because approval is needed: " +
                   join(tenants_of(kept_), ", ") + ": " + not_approved_,
               "Write a plan with 'dsarctl sweep --plan-out FILE --signing-key KEY'; another runs "
               "'dsarctl plan approve FILE --signing-key KEY'; then 'dsarctl sweep --apply --plan "
               "FILE'.");
}

void SweepCommand::write_plan(SweepResult& plan, const ScheduleReading& reading) const {
  formats::SweepPlanFacts facts{reading.catalogue.database,
                                tenants_of(removals(plan.lines, reading.schedule))};
  if (approval_demanded(context_) && !facts.removes_tenants.empty())
    plan.warnings.push_back("tenants are removed whole, by an approved plan alone: " +
                            join(facts.removes_tenants, ", "));
  if (options_.plan_out.empty()) return;
  if (options_.signing_key.empty()) {
    formats::SafeFile file(options_.plan_out, formats::SafeFile::Existing::refuse);
    file.write(formats::sweep_plan_text(plan, facts));
    file.commit();
    return;
  }
  const auto key = read_signing_key(options_.signing_key);
  facts.planned_with = key.id();
  const auto text = formats::sweep_plan_text(plan, facts);
  write_signed(options_.plan_out, text, key.sign(text));
}

/// What the ending of a hold or of a legal ground lets go that an erasure had to withhold.
ResumedErasures SweepCommand::resume() {
  EraseOptions options;
  options.apply = true;
  options.signing_key = options_.signing_key;
  return resume_all(options, context_);
}

void SweepCommand::tell(const SweepResult& result, const ResumedErasures& resumed) {
  emit(
      context_,
      [&] {
        auto text = formats::sweep_text(result);
        if (options_.resume_erasures) text += "\n" + resumed_text(resumed, true);
        return text;
      },
      [&] {
        auto json = formats::sweep_json(result);
        if (options_.resume_erasures) json["resumed_erasures"] = resumed_json(resumed);
        return json;
      });
}

}  // namespace dsar::cmd
