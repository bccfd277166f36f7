#include "cmd/request.hpp"

#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/holidays_file.hpp"
#include "cmd/named_option.hpp"
#include "cmd/officer.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "cmd/request_clock.hpp"
#include "cmd/request_text.hpp"
#include "core/deadline.hpp"
#include "core/iso_date.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/requests.hpp"
#include "formats/printable.hpp"

namespace dsar::cmd {
namespace {

/// Whose request it is. Nobody found, or several people, is registered all the same: the time to
/// answer runs, and until it is known who is meant, everybody's rows who may be are kept.
pg::Tenant fill_subject(const SubjectQuestion& question, const Context& context, Reading& reading,
                        NewRequest& request) {
  const auto found = find_subject(reading, context, question);
  if (found.closure.outcome == ClosureOutcome::several_tenants) require_one(found);
  auto tenant = found.tenant;
  const auto keys = keys_to_hold(found.closure);
  if (tenant.key.empty() && reading.map.tenants) {
    if (keys.empty())
      throw Error(ExitCode::no_such_subject, "nobody has this identity in any tenant",
                  "Name the tenant that was asked with --tenant to register the request anyway.");
    tenant = pg::tenant_of_key(reading.connection, reading.map, found.closure.tenants.front());
  }
  if (!reading.map.tenants) tenant = pg::tenant_of_key(reading.connection, reading.map, {});
  request.tenant = {tenant.key, tenant.slug};
  request.subject.asked = pg::normalise_identities(reading.connection, reading.map, question.asked);
  request.subject.also = pg::normalise_identities(reading.connection, reading.map, question.also);
  request.subject.kind = question.kind;
  if (found.closure.outcome == ClosureOutcome::found)
    request.subject.kind = found.closure.rows.front().row.subject;
  request.subject.keys = keys;
  request.subject.proven = proven_keys(found.closure, request.subject.also);
  return tenant;
}

Deadline deadline_of(const RequestOpenOptions& options, const pg::Tenant& tenant,
                     const Reading& reading, NewRequest& request) {
  const auto* entry = reading.policies.find(tenant.policy);
  for (const auto& name : options.regimes)
    request.regimes.push_back(named<Regime>("--regime", name));
  if (request.regimes.empty() && entry != nullptr) request.regimes = entry->policy.regimes;
  if (request.regimes.empty())
    throw Error(ExitCode::usage, "the tenant's policy is not known, nor the laws that it names",
                "Name the law that the request falls under with --regime.");
  DeadlineQuestion question;
  question.received_on = request.received_on;
  question.kind = request.kind;
  question.regimes = request.regimes;
  if (entry != nullptr) question.basis.promise = promise_of(entry->policy);
  question.basis.holidays = read_holidays(options.holidays);
  request.basis = question.basis;
  return answer_deadline(question);
}

std::string subject_note(const NewRequest& request) {
  if (request.subject.keys.empty())
    return "nobody was found: whoever turns out to have this identity is protected from then on\n";
  return {};
}

void register_open(App request, Context& context) {
  const auto open = add_command(
      request, context,
      {.name = "open",
       .summary = "register a request and say by when it is due",
       .description = "Until it is closed, no sweep deletes the rows of whom it is about. The day "
                      "it is due follows from the law and from what the tenant's policy promises, "
                      "whichever is earlier.",
       .exit_codes = {ExitCode::database, ExitCode::refused, ExitCode::no_such_subject},
       .example = "dsarctl request open --tenant harbour --kind access email:ada@example.com"},
      run_request_open);
  auto& options = open.options;
  add_subject_options(open.app, options.subject);
  open.app
      .add_option("--kind", options.kind,
                  "what is asked for: access, erasure, rectification, portability, restriction, "
                  "objection, …")
      .type_name("KIND")
      .required();
  open.app.add_option("--received", options.received, "when it came in (default: today)")
      .type_name("DATE");
  open.app
      .add_option("--regime", options.regimes,
                  "the law it falls under: uk-gdpr, eu-gdpr or ccpa; may be repeated (default: "
                  "all that the tenant's policy names)")
      .type_name("LAW")
      .one_value();
  open.app
      .add_option("--holidays", options.holidays,
                  "a file with public holidays, a date a line; those of England and Wales are "
                  "known")
      .type_name("FILE");
}

}  // namespace

void register_request(App app, Context& context) {
  const auto request = add_group(
      app, {.name = "request",
            .summary = "keep the register of requests",
            .description = "Who asked for what, when, and by when they are to be answered.",
            .exit_codes = {},
            .example = "dsarctl request list --overdue"});
  register_open(request, context);
  const auto list = add_command(request, context,
                                {.name = "list",
                                 .summary = "show the open requests",
                                 .description = "Needs no data map.",
                                 .exit_codes = {ExitCode::findings, ExitCode::database},
                                 .example = "dsarctl request list --overdue"},
                                run_request_list);
  list.app.add_flag("--all", list.options.all, "the closed ones too");
  list.app.add_flag("--overdue", list.options.overdue,
                    "only those whose day is over; exit with code 4 when there are any");
  const auto show = add_command(request, context,
                                {.name = "show",
                                 .summary = "show one request",
                                 .description = "Needs no data map.",
                                 .exit_codes = {ExitCode::database},
                                 .example = "dsarctl request show 7"},
                                run_request_show);
  show.app.add_option("ID", show.options.id, "the request's number").required();
  register_request_clock(request, context);
  const auto close = add_command(
      request, context,
      {.name = "close",
       .summary = "close a request",
       .description = "The rows that it alone has protected are due again at the next sweep.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl request close 7 --outcome answered --reason 'package sent'"},
      run_request_close);
  close.app.add_option("ID", close.options.id, "the request's number").required();
  close.app
      .add_option("--outcome", close.options.outcome,
                  "answered, refused, withdrawn, unverified or forwarded")
      .type_name("OUTCOME")
      .required();
  close.app.add_option("--reason", close.options.reason, "what was done, or why not")
      .type_name("TEXT")
      .required();
}

ExitCode run_request_open(const RequestOpenOptions& options, Context& context) {
  const auto question = read_subject(options.subject, context);
  NewRequest request;
  request.kind = named<RightKind>("--kind", options.kind);
  request.author = actor_name(context);
  Deadline deadline;
  {
    Reading reading(context);
    pg::require_schema(reading.connection);
    const auto tenant = fill_subject(question, context, reading, request);
    const auto today = Zone::named(tenant.zone).date_of(context.now);
    request.received_on =
        options.received.empty() ? today : date_of_option("--received", options.received);
    if (request.received_on > today)
      throw Error(ExitCode::usage,
                  "--received is " + iso_text(request.received_on) + ", which is still to come");
    deadline = deadline_of(options, tenant, reading, request);
    request.due_on = deadline.due_on;
    request.due_by = deadline.due_by;
  }
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const auto id =
      pg::open_request(connection, request, subject_hashes(context, request.subject.asked));
  emit(
      context,
      [&] {
        return "opened request " + std::to_string(id) + ": " +
               std::string(to_string(request.kind)) + ", received on " +
               iso_text(request.received_on) + ", due on " + iso_text(request.due_on) + "\n" +
               deadline_text(deadline) + subject_note(request);
      },
      [&] {
        auto json = deadline_json(deadline);
        json["request"] = id;
        json["received_on"] = iso_text(request.received_on);
        json["found"] = !request.subject.keys.empty();
        return json;
      });
  return ExitCode::done;
}

ExitCode run_request_list(const RequestListOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  pg::require_schema(connection);
  auto requests = pg::list_requests(connection, options.all);
  const auto today = Zone().date_of(context.now);
  std::erase_if(requests, [&](const Request& request) {
    const auto& tenant = request.opened.tenant;
    const auto& wanted = context.globals.tenant;
    return (!wanted.empty() && tenant.slug != wanted && tenant.key != wanted) ||
           (options.overdue && !is_overdue(request, today));
  });
  auto note = note_of(context, "request list");
  note.facts = {{"requests", std::to_string(requests.size())}};
  put_on_record(context, note);
  emit(
      context, [&] { return requests_text(requests, today); },
      [&] {
        auto list = nlohmann::ordered_json::array();
        for (const auto& request : requests) list.push_back(request_json(request, today));
        return nlohmann::ordered_json{{"requests", std::move(list)}};
      });
  return options.overdue && !requests.empty() ? ExitCode::findings : ExitCode::done;
}

ExitCode run_request_show(const RequestShowOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  pg::require_schema(connection);
  const auto request = pg::find_request(connection, options.id);
  const auto today = Zone().date_of(context.now);
  auto note = note_of(context, "request show");
  note.tenant_key = request.opened.tenant.key;
  note.facts = {{"request", std::to_string(request.id)}};
  put_on_record(context, note);
  emit(
      context, [&] { return request_text(request, today); },
      [&] { return request_json(request, today); });
  return ExitCode::done;
}

ExitCode run_request_close(const RequestCloseOptions& options, Context& context) {
  const auto outcome = named<RequestOutcome>("--outcome", options.outcome);
  const auto reason = text_of_option("--reason", options.reason);
  const auto author = actor_name(context);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  {
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    pg::require_schema(connection);
  }
  pg::close_request(connection, options.id, outcome, author, reason);
  emit(
      context,
      [&] {
        return "closed request " + std::to_string(options.id) + ": " + options.outcome + "\n";
      },
      [&] {
        return nlohmann::ordered_json{{"request", options.id}, {"outcome", options.outcome}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd
