#include "cmd/erase.hpp"

#include "cmd/approval.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/erase_apply.hpp"
#include "cmd/erase_objects.hpp"
#include "cmd/erase_reading.hpp"
#include "cmd/erase_resume.hpp"
#include "cmd/erase_scan.hpp"
#include "cmd/erase_tenant.hpp"
#include "cmd/erasure_files.hpp"
#include "cmd/erasure_numbers.hpp"
#include "cmd/erasure_output.hpp"
#include "cmd/ledger_record.hpp"
#include "core/crypto/random.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/requests.hpp"

namespace dsar::cmd {
namespace {

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

void check(const EraseOptions& options, const Context& context) {
  const bool named = !options.subject.subjects.empty() || !options.subject.identities_from.empty();
  if (options.request != 0 && named)
    throw Error(ExitCode::usage, "--request names the subject: give no other");
  if (!options.plan.empty() && !options.apply)
    throw Error(ExitCode::usage, "--plan goes with --apply");
  if (options.accept_new_rows && options.plan.empty())
    throw Error(ExitCode::usage, "--accept-new-rows goes with --plan");
  if (!options.certificate.empty() && !options.apply)
    throw Error(ExitCode::usage, "--certificate goes with --apply");
  if (options.scan_later && !options.apply)
    throw Error(ExitCode::usage, "--scan-later goes with --apply");
  if (!options.plan_out.empty() && options.signing_key.empty() && approval_demanded(context))
    throw Error(ExitCode::usage, "--plan-out needs --signing-key: somebody is to approve the plan",
                "Make one with: dsarctl keygen --signing FILE");
  if (!options.plan_out.empty() && options.apply)
    throw Error(ExitCode::usage, "--plan-out does not go with --apply",
                "Write the plan first, review it, then carry it out with --apply --plan.");
}

ErasureResult plan(const EraseOptions& options, Context& context, Reading& reading,
                   const FoundSubject& found) {
  const EraseReading erasing(reading, found, options.request, context.now);
  const auto decision = erasing.decide();
  refuse_uncovered(decision);
  const auto salt = random_hex(salt_bytes);
  auto result = result_of(reading, found, context, decision, salt);
  if (const auto begun = pg::find_begun(reading.connection, found.tenant.key, found.keys))
    result.warnings.push_back("erasure " + begun->id +
                              " of this person has begun and is not done: --apply carries it on");
  if (!options.plan_out.empty()) {
    result.backups_until = backups_until(options, context.now);
    write_plan(options, result, salt);
  }
  return result;
}

}  // namespace

std::optional<Date> backups_until(const EraseOptions& options, Instant now) {
  if (options.backups_rotate_after.empty()) return std::nullopt;
  const auto period = parse_period(options.backups_rotate_after);
  if (!period)
    throw Error(ExitCode::usage,
                "--backups-rotate-after is no period: " + options.backups_rotate_after,
                "Write it like '35 days' or '3 months'.");
  return add(Zone().date_of(now), *period);
}

void add_apply_options(App command, EraseOptions& options) {
  command.add_flag("--apply", options.apply, "do it");
  command
      .add_option("--signing-key", options.signing_key,
                  "sign the certificate with this Ed25519 key")
      .type_name("FILE");
  command
      .add_option("--certificate", options.certificate,
                  "write the certificate to a file too, and its signature beside it")
      .type_name("FILE");
  command
      .add_option("--lock-timeout", options.lock_timeout,
                  "give up when another session holds a row for so long; nothing is changed then")
      .range(1, 3600)
      .type_name("SECONDS");
  command
      .add_option("--wait", options.wait,
                  "how long to wait for transactions that were writing meanwhile")
      .range(0, 86400)
      .type_name("SECONDS");
}

void register_erase(App app, Context& context) {
  const auto options = std::make_shared<EraseOptions>();
  const auto parent = std::make_shared<std::optional<App>>();
  const App erase = add_command(
      app,
      {.name = "erase",
       .summary = "erase what is held about a person",
       .description =
           "Without --apply it shows what would be deleted, masked and re-pointed, what is "
           "withheld on which ground and until when, and what lies outside the database, and "
           "changes nothing.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::locked, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl erase visitor:42 --apply --signing-key officer.pem"},
      [options, parent, &context] {
        if ((*parent)->command_named()) return;
        context.selected = [options, &context] { return run_erase(*options, context); };
      });
  *parent = erase;
  erase.may_have_command();
  add_subject_options(erase, options->subject);
  erase.add_flag("--whole-tenant", options->whole_tenant,
                 "all that the tenant of --tenant has, instead of a person");
  erase
      .add_option("--request", options->request,
                  "carry out this request of the register, for the subject it is about")
      .positive()
      .type_name("ID");
  erase
      .add_option("--backups-rotate-after", options->backups_rotate_after,
                  "how long backups that still hold the data are kept")
      .type_name("PERIOD");
  erase.add_flag("--scan", options->scan,
                 "look for copies of the person's identities that the plan does not reach; "
                 "once it has been carried out that is done in any case");
  erase.add_flag("--scan-later", options->scan_later,
                 "leave that to 'erase scan'; the certificate says pending until then");
  add_apply_options(erase, *options);
  erase.option("--signing-key")
      .description("sign the certificate, or with --plan-out the plan, with this Ed25519 key");
  erase
      .add_option("--batch", options->batch_rows,
                  "rows a transaction, at first, where it goes in batches")
      .range(1, 100000)
      .type_name("ROWS");
  erase.add_option("--plan-out", options->plan_out, "write the plan to a file, for review")
      .type_name("FILE");
  erase.add_option("--plan", options->plan, "carry this plan out, while it still holds")
      .type_name("FILE");
  erase.add_flag("--accept-new-rows", options->accept_new_rows,
                 "carry the plan out though rows have come or gone since it was made");
  register_erase_resume(erase, context);
  register_erase_scan(erase, context);
  register_erase_objects(erase, context);
}

ExitCode run_erase(const EraseOptions& options, Context& context) {
  if (options.whole_tenant) return run_erase_tenant(options, context);
  check(options, context);
  const auto until = backups_until(options, context.now);
  SubjectQuestion question;
  if (options.request == 0) question = read_subject(options.subject, context);
  Reading reading(context);
  pg::require_schema(reading.connection);
  if (options.request != 0) question = question_of_request(options, reading.connection, context);
  std::optional<EraseApply> apply;
  if (options.apply) require_level_ledger(context, reading.connection);
  if (options.apply) apply.emplace(options, context, reading);
  auto found = find_subject(reading, context, question);
  require_one(found);
  auto result = apply ? apply->run(found, question, until) : plan(options, context, reading, found);
  result.backups_until = until;
  std::optional<pg::ResidueScan> scan;
  if (apply && apply->residue()) scan = apply->residue()->scan;
  if (!apply) {
    if (options.scan) scan = scan_for(reading, found, context);
    auto note = note_of(context, "erase", found);
    note.facts = {{"stage", "plan"}, {"record_sets", std::to_string(result.lines.size())}};
    put_on_record(context, note);
  }
  return tell_erasure(context, result, scan);
}

}  // namespace dsar::cmd
