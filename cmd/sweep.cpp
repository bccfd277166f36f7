#include "cmd/sweep.hpp"

#include <nlohmann/json.hpp>

#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/output.hpp"
#include "cmd/sweep_command.hpp"
#include "cmd/sweep_reading.hpp"
#include "core/pg/migrations.hpp"
#include "formats/sweep_report.hpp"

namespace dsar::cmd {

void register_sweep(App app, Context& context) {
  const auto options = std::make_shared<SweepOptions>();
  const auto parent = std::make_shared<std::optional<App>>();
  const App sweep = add_command(
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
        if ((*parent)->command_named()) return;
        context.selected = [options, &context] { return run_sweep(*options, context); };
      });
  *parent = sweep;
  sweep.may_have_command();
  sweep.add_flag("--apply", options->apply, "do it");
  sweep.add_option("--rule", options->rule, "only by this rule").type_name("ID");
  sweep.add_option("--set", options->set, "only this record set").type_name("NAME");
  sweep.add_option("--plan-out", options->plan_out, "write the plan to a file, for review")
      .type_name("FILE");
  sweep.add_option("--plan", options->plan, "carry this plan out, while it still holds")
      .type_name("FILE");
  sweep.add_option("--jobs", options->jobs, "connections that count and delete side by side")
      .range(1, 32)
      .type_name("N");
  sweep.add_option("--batch", options->batch_rows, "rows a transaction, at first")
      .range(1, 100000)
      .type_name("ROWS");
  sweep.add_flag("--drop-empty", options->drop_empty,
                 "drop partitions of which everything has expired, where the role owns them");
  sweep.add_option("--max-rows", options->max_rows, "end after about so many rows").type_name("N");
  sweep.add_option("--max-seconds", options->max_seconds, "end after so long").type_name("N");
  sweep.add_option("--max-lag", options->max_lag, "wait while a standby is further behind")
      .type_name("SECONDS");
  sweep
      .add_option("--breaker-rows", options->breaker_rows,
                  "refuse when more rows are due and no plan was reviewed")
      .type_name("N");
  sweep
      .add_option("--breaker-share", options->breaker_share,
                  "refuse when more of a table is due, 0 to 1")
      .range(0.0, 1.0)
      .type_name("SHARE");
  sweep
      .add_option("--breaker-growth", options->breaker_factor,
                  "refuse when so many times the last run's rows are due")
      .type_name("TIMES");
  sweep.add_flag("--resume-erasures", options->resume_erasures,
                 "afterwards erase what erasures had to withhold, as far as nothing keeps it");
  sweep
      .add_option("--signing-key", options->signing_key,
                  "sign their certificates, or with --plan-out the plan, with this Ed25519 key")
      .type_name("FILE");
  sweep.add_option("--metrics", options->metrics, "write a Prometheus textfile").type_name("FILE");

  const auto verify =
      add_command(sweep, context,
                  {.name = "verify",
                   .summary = "check that nothing is older than promised",
                   .description = "Writes nothing. For monitoring and CI.",
                   .exit_codes = {ExitCode::partial, ExitCode::findings, ExitCode::database},
                   .example = "dsarctl sweep verify --json"},
                  run_sweep_verify);
  verify.app.add_option("--rule", verify.options.rule, "only by this rule").type_name("ID");
  verify.app.add_option("--set", verify.options.set, "only this record set").type_name("NAME");

  const auto history = add_command(sweep, context,
                                   {.name = "history",
                                    .summary = "list the runs that acted",
                                    .description = "",
                                    .exit_codes = {ExitCode::database},
                                    .example = "dsarctl sweep history --limit 5"},
                                   run_sweep_history);
  history.app.add_option("--limit", history.options.limit, "how many, the newest first")
      .range(1, 10000)
      .type_name("N");

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
      .type_name("FILE");
}

ExitCode run_sweep(const SweepOptions& options, Context& context) {
  if (!options.plan.empty() && !options.apply)
    throw Error(ExitCode::usage, "--plan goes with --apply");
  if (!options.plan_out.empty() && options.apply)
    throw Error(ExitCode::usage, "--plan-out does not go with --apply",
                "Write the plan first, review it, then carry it out with --apply --plan.");
  if (options.resume_erasures && options.signing_key.empty())
    throw Error(ExitCode::usage, "--resume-erasures needs --signing-key",
                "Make one with: dsarctl keygen --signing FILE");
  if (!options.signing_key.empty() && !options.resume_erasures && options.plan_out.empty())
    throw Error(ExitCode::usage, "--signing-key goes with --resume-erasures or --plan-out");
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
