#include "cmd/request_clock.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/cli.hpp"
#include "cmd/holidays_file.hpp"
#include "cmd/named_option.hpp"
#include "cmd/officer.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "cmd/request_text.hpp"
#include "core/deadline.hpp"
#include "core/iso_date.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/requests.hpp"

namespace dsar::cmd {
namespace {

/// A request with all that its day depends on.
struct Clocked {
  Request request;
  DeadlineQuestion question;
  Date today;
  std::optional<Holidays> holidays;  ///< given anew
};

Clocked read_clocked(std::int64_t id, const std::string& holidays, const Context& context) {
  Reading reading(context);
  pg::require_schema(reading.connection);
  Clocked clocked;
  auto& request = clocked.request;
  request = pg::find_request(reading.connection, id);
  if (request.closed_at)
    throw Error(ExitCode::usage, "request " + std::to_string(id) + " is closed already",
                "Run dsarctl request show " + std::to_string(id) + ".");
  const auto tenant = pg::tenant_of_key(reading.connection, reading.map, request.opened.tenant.key);
  clocked.today = Zone::named(tenant.zone).date_of(context.now);
  auto& question = clocked.question;
  question.received_on = request.opened.received_on;
  question.kind = request.opened.kind;
  question.regimes = request.opened.regimes;
  // What was promised when it was opened; of requests older than such records, what is today.
  if (request.opened.basis) {
    question.basis = *request.opened.basis;
  } else if (const auto* entry = reading.policies.find(tenant.policy)) {
    question.basis.promise = promise_of(entry->policy);
  }
  if (!holidays.empty()) {
    clocked.holidays = read_holidays(holidays);
    question.basis.holidays = *clocked.holidays;
  }
  question.stops = stops_of(request);
  for (const auto& step : request.steps) {
    if (step.kind != RequestStepKind::extended) continue;
    question.extended = true;
    question.extended_until = step.until;
  }
  return clocked;
}

Date day_of_step(const std::string& option, const Clocked& clocked) {
  const auto on = option.empty() ? clocked.today : date_of_option("--on", option);
  auto earliest = clocked.request.opened.received_on;
  for (const auto& step : clocked.request.steps) {
    if (step.kind != RequestStepKind::extended) earliest = std::max(earliest, step.on);
  }
  if (on > clocked.today)
    throw Error(ExitCode::usage, "--on is " + iso_text(on) + ", which is still to come");
  if (on < earliest)
    throw Error(ExitCode::usage, "--on is " + iso_text(on) + ", before " + iso_text(earliest),
                "The request came in, or its clock last changed, on that day.");
  return on;
}

bool waits(const Clocked& clocked) {
  const auto& stops = clocked.question.stops;
  return !stops.empty() && !stops.back().until;
}

/// Records the step, and tells what it makes of the deadline.
ExitCode record(const Clocked& clocked, const RequestStep& step, Context& context) {
  const auto deadline = answer_deadline(clocked.question);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  pg::add_request_step(connection, clocked.request, step, deadline, clocked.holidays);
  emit(
      context,
      [&] {
        return std::string(to_string(step.kind)) + " request " +
               std::to_string(clocked.request.id) + ": " +
               (deadline.stopped ? "the clock stands" : "due on " + iso_text(deadline.due_on)) +
               "\n" + deadline_text(deadline);
      },
      [&] {
        auto json = deadline_json(deadline);
        json["request"] = clocked.request.id;
        json["step"] = to_string(step.kind);
        return json;
      });
  return ExitCode::done;
}

void add_holidays(App command, std::string& holidays) {
  command
      .add_option("--holidays", holidays,
                  "a file with public holidays, a date a line, in place of those that the request "
                  "was opened with")
      .type_name("FILE");
}

}  // namespace

void register_request_clock(App request, Context& context) {
  const auto extend = add_command(
      request, context,
      {.name = "extend",
       .summary = "take the longer time that the law allows",
       .description = "For a request that is complex, or one of many: the subject has to be told, "
                      "with the reason, before the first time is over.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl request extend 7 --reason 'four systems to be searched'"},
      run_request_extend);
  extend.app.add_option("ID", extend.options.id, "the request's number").required();
  extend.app
      .add_option("--until", extend.options.until,
                  "no longer than to this day (default: as long as the law allows)")
      .type_name("DATE");
  extend.app.add_option("--reason", extend.options.reason, "what the subject was told")
      .type_name("TEXT")
      .required();
  add_holidays(extend.app, extend.options.holidays);

  const auto pause = add_command(
      request, context,
      {.name = "pause",
       .summary = "stop the clock until the subject has answered",
       .description = "Where the law lets it: under UK GDPR for proof of identity, a fee, or a "
                      "clarification that is really needed. Other laws' limits run on.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl request pause 7 --for identity --reason 'asked for a proof'"},
      run_request_pause);
  pause.app.add_option("ID", pause.options.id, "the request's number").required();
  pause.app
      .add_option("--for", pause.options.cause,
                  "what the subject was asked for: identity, fee or clarification")
      .type_name("CAUSE")
      .required();
  pause.app.add_option("--on", pause.options.on, "when it was asked for (default: today)")
      .type_name("DATE");
  pause.app.add_option("--reason", pause.options.reason, "why it is needed")
      .type_name("TEXT")
      .required();
  add_holidays(pause.app, pause.options.holidays);

  const auto resume = add_command(request, context,
                                  {.name = "resume",
                                   .summary = "let the clock run again",
                                   .description = "What the subject was asked for has arrived.",
                                   .exit_codes = {ExitCode::database},
                                   .example = "dsarctl request resume 7 --reason 'proof received'"},
                                  run_request_resume);
  resume.app.add_option("ID", resume.options.id, "the request's number").required();
  resume.app.add_option("--on", resume.options.on, "when it arrived (default: today)")
      .type_name("DATE");
  resume.app.add_option("--reason", resume.options.reason, "what arrived")
      .type_name("TEXT")
      .required();
  add_holidays(resume.app, resume.options.holidays);
}

ExitCode run_request_extend(const RequestExtendOptions& options, Context& context) {
  RequestStep step;
  step.kind = RequestStepKind::extended;
  step.reason = text_of_option("--reason", options.reason);
  step.author = actor_name(context);
  auto clocked = read_clocked(options.id, options.holidays, context);
  if (clocked.question.extended)
    throw Error(ExitCode::usage,
                "request " + std::to_string(options.id) + " has been extended already",
                "The law allows it once.");
  // Told before the first of the times that it moves is over.
  std::optional<Date> tell_by;
  std::optional<Date> latest;
  for (const auto& limit : answer_deadline(clocked.question).limits) {
    if (!limit.extended) continue;
    if (!limit.stopped) tell_by = tell_by ? std::min(*tell_by, limit.on) : limit.on;
    latest = latest ? std::min(*latest, *limit.extended) : *limit.extended;
  }
  if (!latest)
    throw Error(ExitCode::usage,
                "no law that the request falls under allows more time for its kind");
  if (tell_by && clocked.today > *tell_by)
    throw Error(ExitCode::usage,
                "the subject had to be told of an extension by " + iso_text(*tell_by),
                "Answer the request, and say why it is late.");
  step.on = clocked.today;
  if (!options.until.empty()) {
    step.until = date_of_option("--until", options.until);
    if (*step.until > *latest || *step.until <= clocked.request.opened.due_on)
      throw Error(ExitCode::usage,
                  "--until is no day after " + iso_text(clocked.request.opened.due_on) +
                      " and up to " + iso_text(*latest),
                  "The request is due on the first, and the law allows no more than the second.");
  }
  clocked.question.extended = true;
  clocked.question.extended_until = step.until;
  return record(clocked, step, context);
}

ExitCode run_request_pause(const RequestPauseOptions& options, Context& context) {
  RequestStep step;
  step.kind = RequestStepKind::paused;
  step.cause = named<StopCause>("--for", options.cause);
  step.reason = text_of_option("--reason", options.reason);
  step.author = actor_name(context);
  auto clocked = read_clocked(options.id, options.holidays, context);
  const auto& regimes = clocked.question.regimes;
  if (std::find(regimes.begin(), regimes.end(), Regime::uk_gdpr) == regimes.end())
    throw Error(ExitCode::usage, "no law that the request falls under lets the clock stop",
                "The time runs while identity is verified, too.");
  if (waits(clocked))
    throw Error(ExitCode::usage, "request " + std::to_string(options.id) + " is paused already");
  step.on = day_of_step(options.on, clocked);
  clocked.question.stops.push_back({*step.cause, step.on, std::nullopt});
  return record(clocked, step, context);
}

ExitCode run_request_resume(const RequestResumeOptions& options, Context& context) {
  RequestStep step;
  step.kind = RequestStepKind::resumed;
  step.reason = text_of_option("--reason", options.reason);
  step.author = actor_name(context);
  auto clocked = read_clocked(options.id, options.holidays, context);
  if (!waits(clocked))
    throw Error(ExitCode::usage, "request " + std::to_string(options.id) + " is not paused");
  step.on = day_of_step(options.on, clocked);
  clocked.question.stops.back().until = step.on;
  return record(clocked, step, context);
}

}  // namespace dsar::cmd
