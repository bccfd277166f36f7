#include "cmd/erase.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cmd/cli.hpp"
#include "cmd/erase_reading.hpp"
#include "cmd/output.hpp"
#include "core/crypto/random.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/requests.hpp"
#include "formats/erasure_report.hpp"

namespace dsar::cmd {
namespace {

constexpr std::size_t salt_bytes = 32;

/// The subject of the request that is carried out.
SubjectQuestion question_of_request(const EraseOptions& options, pg::Connection& connection,
                                    Context& context) {
  const auto request = pg::find_request(connection, options.request);
  const auto name = "request " + std::to_string(options.request);
  if (request.opened.kind != RightKind::erasure)
    throw Error(ExitCode::usage, name + " is none for erasure");
  if (request.closed_at) throw Error(ExitCode::usage, name + " is closed");
  if (request.opened.subject.asked.empty())
    throw Error(ExitCode::usage, name + " has no identities on record",
                "Name the subject by an identity.");
  auto& tenant = context.globals.tenant;
  if (!tenant.empty() && tenant != request.opened.tenant.slug)
    throw Error(ExitCode::usage, name + " is of another tenant than --tenant names");
  tenant = request.opened.tenant.slug;
  return {request.opened.subject.asked, request.opened.subject.also, request.opened.subject.kind};
}

std::optional<Date> backups_until(const EraseOptions& options, Instant now) {
  if (options.backups_rotate_after.empty()) return std::nullopt;
  const auto period = parse_period(options.backups_rotate_after);
  if (!period)
    throw Error(ExitCode::usage,
                "--backups-rotate-after is no period: " + options.backups_rotate_after,
                "Write it like '35 days' or '3 months'.");
  return add(Zone().date_of(now), *period);
}

ExitCode code_of(const ErasureResult& result) {
  const bool whole = result.withheld() == 0 && result.cannot_see.empty();
  return whole ? ExitCode::done : ExitCode::partial;
}

}  // namespace

void register_erase(CLI::App& app, Context& context) {
  const auto command = add_command(
      app, context,
      {.name = "erase",
       .summary = "erase what is held about a person",
       .description =
           "Shows what would be deleted, masked and re-pointed, what is withheld on which ground "
           "and until when, and what lies outside the database. Nothing is changed.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl erase --tenant harbour email:ada@example.com"},
      run_erase);
  add_subject_options(command.app, command.options.subject);
  command.app
      .add_option("--request", command.options.request,
                  "carry out this request of the register, for the subject it is about")
      ->check(CLI::PositiveNumber.description(""))
      ->type_name("ID");
  command.app
      .add_option("--backups-rotate-after", command.options.backups_rotate_after,
                  "how long backups that still hold the data are kept")
      ->type_name("PERIOD");
}

ExitCode run_erase(const EraseOptions& options, Context& context) {
  const bool named = !options.subject.subjects.empty() || !options.subject.identities_from.empty();
  if (options.request != 0 && named)
    throw Error(ExitCode::usage, "--request names the subject: give no other");
  const auto until = backups_until(options, context.now);
  SubjectQuestion question;
  if (options.request == 0) question = read_subject(options.subject, context);
  Reading reading(context);
  pg::require_schema(reading.connection);
  if (options.request != 0) question = question_of_request(options, reading.connection, context);
  const auto found = find_subject(reading, context, question);
  require_one(found);
  const EraseReading erasing(reading, found, options.request, context.now);
  const auto decision = erasing.decide(false);
  refuse_uncovered(decision);
  auto result = result_of(reading, found, context, decision, random_hex(salt_bytes));
  result.backups_until = until;
  emit(
      context, [&] { return formats::erasure_text(result); },
      [&] { return formats::erasure_json(result); });
  return code_of(result);
}

}  // namespace dsar::cmd
