#include "cmd/sweep.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/cli.hpp"
#include "cmd/erase_resume.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/logging.hpp"
#include "cmd/output.hpp"
#include "cmd/server_time.hpp"
#include "cmd/sweep_reading.hpp"
#include "cmd/sweep_watch.hpp"
#include "cmd/version.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/sweep_apply.hpp"
#include "core/pg/sweep_run.hpp"
#include "core/pg/sweep_walk.hpp"
#include "core/rfc3339.hpp"
#include "core/sweep_bounds.hpp"
#include "core/sweep_breaker.hpp"
#include "formats/safe_file.hpp"
#include "formats/sweep_plan_file.hpp"
#include "formats/sweep_report.hpp"

namespace dsar::cmd {
namespace {

/// Rounds in which what the last one made room for is taken too.
constexpr int most_rounds = 4;

pg::SweepFilter filter_of(const std::string& rule, const std::string& set, const Context& context,
                          const ScheduleReading& reading) {
  const auto known_rule = [&](const SetSchedule& one) {
    return std::any_of(one.tenant->rules.begin(), one.tenant->rules.end(),
                       [&](const EffectiveRule& own) { return own.rule->id == rule; });
  };
  const auto& tenants = reading.tenants.tenants;
  if (!context.globals.tenant.empty() &&
      std::none_of(tenants.begin(), tenants.end(),
                   [&](const SweepTenant& one) { return one.slug == context.globals.tenant; }))
    throw Error(ExitCode::usage, "there is no tenant '" + context.globals.tenant + "'");
  if (!set.empty() && find_set(reading.map, set).set == nullptr)
    throw Error(ExitCode::usage, "the map has no record set '" + set + "'",
                "'dsarctl map show' lists them.");
  if (!rule.empty() && std::none_of(reading.schedule.begin(), reading.schedule.end(), known_rule))
    throw Error(ExitCode::usage, "no tenant's policy has a rule '" + rule + "'",
                "'dsarctl policy show' lists a policy's rules.");
  return {context.globals.tenant, rule, set};
}

void add_warnings(SweepResult& result, const ScheduleReading& reading) {
  for (const auto& period : reading.of_nobody) result.warnings.push_back(to_text(period));
  for (const auto& tenant : reading.tenants.no_policy)
    result.warnings.push_back("tenant " + (tenant.empty() ? "(none)" : tenant) +
                              " lives under no known policy: nothing of it is due");
}

/// Clocks that no index serves, and references that a delete would have to search for.
void add_missing_indexes(pg::Connection& connection, const SweepWorld& world,
                         const pg::SweepPlan& plan, SweepResult& result) {
  std::vector<std::string> told;
  const auto tell = [&](const std::string& warning) {
    if (std::find(told.begin(), told.end(), warning) == told.end()) told.push_back(warning);
  };
  for (const auto& planned : plan.passes) {
    const auto& pass = planned.pass;
    if (pg::clock_index_is_used(connection, world, pass) == false)
      tell("no index serves the clock of " + pass.set.set->name + ", so the whole table is read: " +
           "CREATE INDEX CONCURRENTLY ON " + quote(pass.set.table->name).text() + " (" +
           SweepConditions::clock_sql(pass.set, pass.set.table->name.name) + ")");
    if (planned.due == 0 || pass.action != SweepAction::remove) continue;
    for (const auto& referrer : referrers(world.map, world.catalogue, pass.set)) {
      const auto& indexes = referrer.table->indexes;
      const auto serves = [&](const CatalogueIndex& index) {
        return !index.partial && index.columns.size() >= referrer.key->columns.size() &&
               std::is_permutation(referrer.key->columns.begin(), referrer.key->columns.end(),
                                   index.columns.begin());
      };
      constexpr double small = 1000;
      if (referrer.table->estimated_rows < small ||
          std::any_of(indexes.begin(), indexes.end(), serves))
        continue;
      std::vector<std::string> columns;
      for (const auto& column : referrer.key->columns) columns.push_back(quote(column).text());
      tell("no index on " + referrer.table->name.text() + " (" + join(referrer.key->columns, ", ") +
           "), which refers to rows that are deleted: CREATE INDEX CONCURRENTLY ON " +
           quote(referrer.table->name).text() + " (" + join(columns, ", ") + ")");
    }
  }
  result.warnings.insert(result.warnings.end(), told.begin(), told.end());
}

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

void write_plan(const std::string& path, const SweepResult& plan, const std::string& database) {
  if (path.empty()) return;
  formats::SafeFile file(path, formats::SafeFile::Existing::refuse);
  file.write(formats::sweep_plan_text(plan, database));
  file.commit();
}

class SweepCommand {
 public:
  SweepCommand(const SweepOptions& options, Context& context)
      : options_(options), context_(context), connection_(context.globals.db) {
    pg::require_schema(connection_);
    if (!options.plan.empty()) {
      reviewed_ = formats::read_sweep_plan(options.plan);
      context_.now = reviewed_->as_of;
    }
  }

  ExitCode plan() {
    ScheduleReading reading(context_, connection_);
    const auto world = reading.world();
    auto plan = count_watched(reading, filter_of(options_.rule, options_.set, context_, reading));
    add_warnings(plan.result, reading);
    add_missing_indexes(connection_, world, plan, plan.result);
    write_plan(options_.plan_out, plan.result, reading.catalogue.database);
    tell(plan.result);
    return plan.result.cannot_see.empty() ? ExitCode::done : ExitCode::partial;
  }

  ExitCode apply() {
    refuse_files_of_others(required_map(context_));
    if (!context_.globals.policy.empty()) refuse_files_of_others(context_.globals.policy);
    pg::refuse_transaction_pooler(connection_, context_.globals.db);
    refuse_future(connection_, context_.now);
    require_level_ledger(context_, connection_);
    if (options_.max_lag) pg::replica_lag(connection_);  // may the role know it?
    pg::SweepRun run(connection_, {actor_name(context_), version, rfc3339(context_.now),
                                   reviewed_ ? reviewed_->digest : std::string()});
    const auto started =
        std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
    log_info("sweep " + run.id() + " begins, as of " + rfc3339(context_.now));
    SweepResult result;
    try {
      result = work(run);
    } catch (const Error& error) {
      SweepResult ended;
      ended.as_of = context_.now;
      ended.run = run.id();
      ended.started = started;
      ended.finished =
          std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
      const auto state = error.code() == ExitCode::refused       ? SweepState::refused
                         : error.code() == ExitCode::interrupted ? SweepState::interrupted
                                                                 : SweepState::failed;
      ended.state = state;
      ended.warnings.emplace_back(error.what());
      if (error.code() != ExitCode::database)
        run.finish(std::string(to_string(state)), json_text(ended));
      if (const auto fault = metrics_fault(ended)) log_warning(fault->what());
      throw;
    }
    result.run = run.id();
    result.started = started;
    result.finished =
        std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
    run.finish(std::string(to_string(result.state)), json_text(result),
               {{"gone", std::to_string(result.gone())}, {"left", std::to_string(result.left())}});
    log_info("sweep " + result.run + " ends: " + std::string(to_string(result.state)) + ", " +
             std::to_string(result.gone()) + " rows gone, " + std::to_string(result.left()) +
             " left");
    const auto fault = metrics_fault(result);
    std::vector<ResumedErasure> resumed;
    if (options_.resume_erasures && result.state != SweepState::interrupted) resumed = resume();
    tell(result, resumed);
    if (fault) throw Error(*fault);
    if (result.state == SweepState::interrupted) return ExitCode::interrupted;
    return result.state == SweepState::done && !is_partial(resumed) ? ExitCode::done
                                                                    : ExitCode::partial;
  }

 private:
  pg::SweepPlan count_watched(const ScheduleReading& reading, const pg::SweepFilter& filter) {
    SweepWatch watch(context_.globals);
    return count_due(connection_, reading, context_, filter,
                     [&](const std::string& set) { watch.counting(set); });
  }

  SweepResult work(pg::SweepRun& run) {
    ScheduleReading reading(context_, connection_);
    const auto filter = filter_of(options_.rule, options_.set, context_, reading);
    auto plan = count_watched(reading, filter);
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
          {connection_, context_.globals.db, run, world, limits, context_.now, hash_key(context_),
           context_.stop, [&](const std::string& set) { watch.sweeping(set, plan.result.lines); },
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
    result.objects = pg::removed_objects(connection_, run.id());
    add_warnings(result, reading);
    if (ended == pg::EndedBy::stopped) {
      result.state = SweepState::interrupted;
    } else {
      const bool complete =
          ended == pg::EndedBy::done && result.left() == 0 && result.cannot_see.empty();
      result.state = complete ? SweepState::done : SweepState::partial;
    }
    if (!beyond.empty()) result.warnings.push_back(beyond);
    if (ended == pg::EndedBy::rows) result.warnings.emplace_back("ended by --max-rows");
    if (ended == pg::EndedBy::time) result.warnings.emplace_back("ended by --max-seconds");
    return result;
  }

  pg::SweepPlan recount(ScheduleReading& reading, const pg::SweepFilter& filter) {
    {
      pg::Transaction transaction(connection_, pg::TransactionMode::read_only);
      reading.held = pg::held_now(connection_, reading.map, reading.catalogue);
    }
    auto context = context_;
    context.stop = {};  // the result must be told, also when the work was stopped
    return count_due(connection_, reading, context, filter);
  }

  /// Why nothing more may be done without a review: what was done, and what has come up since, go
  /// beyond what was allowed. Empty: all of it may.
  std::string why_too_many(const SweepResult& done, const SweepResult& found,
                           const ScheduleReading& reading) {
    if (reviewed_) {
      const auto beyond = rows_beyond(reading.map, reviewed_->lines, done.lines, found.lines);
      return beyond.empty() ? ""
                            : "more has come up than the reviewed plan has: " + join(beyond, "; ");
    }
    const auto why = breaker(in_all(done, found), reading.catalogue);
    return why ? "more has come up meanwhile: " + *why : "";
  }

  std::optional<std::string> breaker(const SweepResult& plan, const Catalogue& catalogue) {
    return breaker_trips(plan, catalogue, pg::rows_of_last_run(connection_),
                         {options_.breaker_rows, options_.breaker_share, options_.breaker_factor});
  }

  void refuse_unreviewed(const SweepResult& plan, const ScheduleReading& reading) {
    if (reviewed_) {
      const auto beyond =
          formats::beyond_plan(*reviewed_, plan, reading.map, reading.catalogue.database);
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

  /// Why the metrics could not be written: a full disk must not keep the result from being told.
  std::optional<Error> metrics_fault(const SweepResult& result) const {
    try {
      write_metrics(options_.metrics, result);
      return std::nullopt;
    } catch (const Error& error) {
      return error;
    }
  }

  static pg::SweepLimits limits_of(const SweepOptions& options) {
    pg::SweepLimits limits;
    limits.jobs = options.jobs;
    limits.drop_empty = options.drop_empty;
    limits.batch_rows = options.batch_rows;
    limits.max_rows = options.max_rows;
    if (options.max_seconds) limits.max_time = std::chrono::seconds(*options.max_seconds);
    if (options.max_lag) limits.max_lag = std::chrono::seconds(*options.max_lag);
    return limits;
  }

  /// What the ending of a hold or of a legal ground lets go that an erasure had to withhold.
  std::vector<ResumedErasure> resume() {
    EraseOptions options;
    options.apply = true;
    options.signing_key = options_.signing_key;
    return resume_all(options, context_);
  }

  void tell(const SweepResult& result, const std::vector<ResumedErasure>& resumed = {}) {
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

  const SweepOptions& options_;
  Context& context_;
  pg::Connection connection_;
  std::optional<formats::ReviewedPlan> reviewed_;
};

}  // namespace

void register_sweep(CLI::App& app, Context& context) {
  const auto options = std::make_shared<SweepOptions>();
  const auto parent = std::make_shared<CLI::App*>(nullptr);
  CLI::App& sweep = add_command(
      app,
      {.name = "sweep",
       .summary = "delete what has outlived its retention period",
       .description =
           "Without --apply it says what is due, by tenant, rule and record set, and changes "
           "nothing. What a hold, an open request, a restriction or the law keeps stays, and is "
           "told.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::locked, ExitCode::refused},
       .example = "dsarctl sweep --apply --metrics /var/lib/node_exporter/dsarctl.prom"},
      [options, parent, &context] {
        if (!(*parent)->get_subcommands().empty()) return;
        context.selected = [options, &context] { return run_sweep(*options, context); };
      });
  *parent = &sweep;
  sweep.require_subcommand(0, 1);
  sweep.add_flag("--apply", options->apply, "do it");
  sweep.add_option("--rule", options->rule, "only by this rule")->type_name("ID");
  sweep.add_option("--set", options->set, "only this record set")->type_name("NAME");
  sweep.add_option("--plan-out", options->plan_out, "write the plan to a file, for review")
      ->type_name("FILE");
  sweep.add_option("--plan", options->plan, "carry this plan out, while it still holds")
      ->type_name("FILE");
  sweep.add_option("--jobs", options->jobs, "connections that delete side by side")
      ->check(CLI::Range(1, 32).description(""))
      ->type_name("N");
  sweep.add_option("--batch", options->batch_rows, "rows a transaction, at first")
      ->check(CLI::Range(1, 100000).description(""))
      ->type_name("ROWS");
  sweep.add_flag("--drop-empty", options->drop_empty,
                 "drop partitions of which everything has expired, where the role owns them");
  sweep.add_option("--max-rows", options->max_rows, "end after about so many rows")->type_name("N");
  sweep.add_option("--max-seconds", options->max_seconds, "end after so long")->type_name("N");
  sweep.add_option("--max-lag", options->max_lag, "wait while a standby is further behind")
      ->type_name("SECONDS");
  sweep
      .add_option("--breaker-rows", options->breaker_rows,
                  "refuse when more rows are due and no plan was reviewed")
      ->type_name("N");
  sweep
      .add_option("--breaker-share", options->breaker_share,
                  "refuse when more of a table is due, 0 to 1")
      ->check(CLI::Range(0.0, 1.0).description(""))
      ->type_name("SHARE");
  sweep
      .add_option("--breaker-growth", options->breaker_factor,
                  "refuse when so many times the last run's rows are due")
      ->type_name("TIMES");
  sweep.add_flag("--resume-erasures", options->resume_erasures,
                 "afterwards erase what erasures had to withhold, as far as nothing keeps it");
  sweep
      .add_option("--signing-key", options->signing_key,
                  "sign their certificates with this Ed25519 key")
      ->type_name("FILE");
  sweep.add_option("--metrics", options->metrics, "write a Prometheus textfile")->type_name("FILE");

  const auto verify =
      add_command(sweep, context,
                  {.name = "verify",
                   .summary = "check that nothing is older than promised",
                   .description = "Writes nothing. For monitoring and CI.",
                   .exit_codes = {ExitCode::partial, ExitCode::findings, ExitCode::database},
                   .example = "dsarctl sweep verify --json"},
                  run_sweep_verify);
  verify.app.add_option("--rule", verify.options.rule, "only by this rule")->type_name("ID");
  verify.app.add_option("--set", verify.options.set, "only this record set")->type_name("NAME");

  const auto history = add_command(sweep, context,
                                   {.name = "history",
                                    .summary = "list the runs that acted",
                                    .description = "",
                                    .exit_codes = {ExitCode::database},
                                    .example = "dsarctl sweep history --limit 5"},
                                   run_sweep_history);
  history.app.add_option("--limit", history.options.limit, "how many, the newest first")
      ->check(CLI::Range(1, 10000).description(""))
      ->type_name("N");

  const auto objects = add_command(
      sweep, context,
      {.name = "objects",
       .summary = "list objects outside the database whose rows are gone",
       .description = "One JSON object a line, for a script that removes them and hands the lines "
                      "back with --confirm.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl sweep objects >gone.ndjson"},
      run_sweep_objects);
  objects.app.add_flag("--all", objects.options.all, "those that were confirmed too");
  objects.app
      .add_option("--confirm", objects.options.confirm,
                  "lines of objects that have been removed; - reads standard input")
      ->type_name("FILE");
}

ExitCode run_sweep(const SweepOptions& options, Context& context) {
  if (!options.plan.empty() && !options.apply)
    throw Error(ExitCode::usage, "--plan goes with --apply");
  if (!options.plan_out.empty() && options.apply)
    throw Error(ExitCode::usage, "--plan-out does not go with --apply",
                "Write the plan first, review it, then carry it out with --apply --plan.");
  if (options.resume_erasures != !options.signing_key.empty())
    throw Error(ExitCode::usage, "--resume-erasures and --signing-key go together");
  if (options.resume_erasures && !options.apply)
    throw Error(ExitCode::usage, "--resume-erasures goes with --apply",
                "'dsarctl erase resume --all' shows what it would do.");
  if (options.resume_erasures) read_signing_key(options.signing_key);
  SweepCommand command(options, context);
  return options.apply ? command.apply() : command.plan();
}

ExitCode run_sweep_verify(const SweepVerifyOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  ScheduleReading reading(context, connection);
  auto plan = count_due(connection, reading, context,
                        filter_of(options.rule, options.set, context, reading));
  add_warnings(plan.result, reading);
  emit(
      context, [&] { return formats::sweep_text(plan.result); },
      [&] { return formats::sweep_json(plan.result); });
  const auto left = plan.result.due() + plan.result.left();
  if (left > 0) return ExitCode::findings;
  return plan.result.cannot_see.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
