#include "cmd/audit.hpp"

#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/audit_verification.hpp"
#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/output.hpp"
#include "cmd/sweep_reading.hpp"
#include "core/crypto/hex.hpp"
#include "core/iso_date.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/cancel_on_stop.hpp"
#include "core/pg/migrations.hpp"
#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "formats/audit_file.hpp"
#include "formats/audit_json.hpp"
#include "formats/safe_file.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// So many entries are shown unless something else is asked for.
constexpr std::uint64_t shown = 100;

/// Throws Error (usage) where a policy that a tenant lives under wants entries kept longer.
void require_long_enough(const Period& keep, const Context& context, pg::Connection& connection) {
  const ScheduleReading reading(context, connection);
  for (const auto& tenant : reading.tenants.tenants) {
    for (const auto& effective : tenant.rules) {
      const auto& rule = *effective.rule;
      const bool floor =
          rule.bound == Bound::floor_by_law || rule.bound == Bound::ceiling_and_floor_by_law;
      if (!floor || !rule.categories.contains(DataCategory::audit_log) ||
          !effective.period.is_counted() || never_longer(effective.period, keep))
        continue;
      throw Error(ExitCode::usage,
                  "--keep " + to_text(keep) + " is shorter than the " + to_text(effective.period) +
                      " for which the policy " + tenant.policy->id + " keeps its audit log",
                  "It says so in: " + to_text(rule.citation) + ".");
    }
  }
}

/// The last entry that is older than the period.
std::int64_t last_before(pg::Connection& connection, const Period& keep, Instant now) {
  const auto first_kept = rfc3339(Instant(cut_off(Zone().date_of(now), keep)));
  std::int64_t last = 0;
  pg::read_audit(connection, {}, [&](const AuditEntry& entry) {
    if (entry.at.substr(0, first_kept.size() - 1) < first_kept.substr(0, first_kept.size() - 1))
      last = entry.number;
  });
  return last;
}

void register_verify(App audit, Context& context) {
  const auto verify =
      add_command(audit, context,
                  {.name = "verify",
                   .summary = "find entries that were altered, removed or put elsewhere",
                   .description = "Every hash is computed again and compared with its neighbours, "
                                  "the checkpoints and the head of the trail.",
                   .exit_codes = {ExitCode::findings, ExitCode::database},
                   .example = "dsarctl audit verify --public-key signing.pem.pub"},
                  run_audit_verify);
  verify.app
      .add_option("--public-key", verify.options.public_keys,
                  "the public half of a key that signs checkpoints; may be given several times")
      .type_name("FILE")
      .one_value();
  verify.app
      .add_option("--checkpoint", verify.options.checkpoints,
                  "a checkpoint that was written to a file, with its signature in FILE.sig")
      .type_name("FILE")
      .one_value();
  verify.app.add_option("--file", verify.options.file, "verify this file of --audit-to instead")
      .type_name("FILE");
}

void register_show(App audit, Context& context) {
  const auto show = add_command(
      audit, context,
      {.name = "show",
       .summary = "list who did what",
       .description =
           "The last entries, or those that are asked for. People stand in them as keyed "
           "hashes, so to ask for a person's wants the key of --hash-key.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl audit show --since 2026-03-01 --command export"},
      run_audit_show);
  add_identity_options(show.app, show.options.subject);
  show.app.add_option("--command", show.options.command, "only entries of this command")
      .type_name("NAME");
  show.app.add_option("--since", show.options.since, "only entries from this date or time on")
      .type_name("TIME");
  show.app.add_option("--last", show.options.last, "so many, the last ones (default: 100)")
      .type_name("N");
  show.app.add_option("--file", show.options.file, "show this file of --audit-to instead")
      .type_name("FILE");
}

}  // namespace

void register_audit(App app, Context& context) {
  const auto audit = add_group(
      app, {.name = "audit",
            .summary = "show and verify who did what to personal data",
            .description = "Every command that reads or changes personal data leaves an entry in a "
                           "chain of hashes that nobody can alter unseen.",
            .exit_codes = {},
            .example = "dsarctl audit verify"});
  register_show(audit, context);
  register_verify(audit, context);
  const auto checkpoint = add_command(
      audit, context,
      {.name = "checkpoint",
       .summary = "sign the last entry's hash",
       .description =
           "The signed statement is kept in the database and, better, elsewhere: from "
           "then on nobody can write the trail anew unseen. The trail is verified first.",
       .exit_codes = {ExitCode::database, ExitCode::refused},
       .example = "dsarctl audit checkpoint --signing-key signing.pem --output audit.json"},
      run_audit_checkpoint);
  checkpoint.app
      .add_option("--signing-key", checkpoint.options.signing_key, "sign with this Ed25519 key")
      .required()
      .type_name("FILE");
  checkpoint.app
      .add_option("-o,--output", checkpoint.options.output,
                  "write the statement here too, and its signature to FILE.sig")
      .type_name("FILE");
  const auto cut = add_command(
      audit, context,
      {.name = "cut",
       .summary = "delete entries that are older than their period",
       .description = "Up to a checkpoint, which takes the place of what went before it. Says what "
                      "would go unless --apply is given.",
       .exit_codes = {ExitCode::database, ExitCode::refused},
       .example = "dsarctl audit cut --public-key signing.pem.pub --apply"},
      run_audit_cut);
  cut.app
      .add_option("--public-key", cut.options.public_keys,
                  "the public half of a key that signs checkpoints; may be given several times")
      .required()
      .type_name("FILE")
      .one_value();
  cut.app.add_option("--keep", cut.options.keep, "how long entries are kept (default: 24 months)")
      .type_name("PERIOD");
  cut.app.add_flag("--apply", cut.options.apply, "delete them");
}

ExitCode run_audit_show(const AuditShowOptions& options, Context& context) {
  pg::AuditQuestion question;
  question.command = options.command;
  question.last = options.last;
  if (!options.since.empty()) {
    const auto date = parse_iso_date(options.since);
    const auto since = date ? std::optional<Instant>(*date) : parse_rfc3339(options.since);
    if (!since)
      throw Error(ExitCode::usage, "--since is no date or time: " + options.since,
                  "Write it like 2026-12-31 or 2026-12-31T12:00:00Z.");
    question.since = rfc3339(*since);
  }
  const bool everything = options.command.empty() && options.since.empty();
  const bool of_somebody =
      !options.subject.subjects.empty() || !options.subject.identities_from.empty();
  if (everything && !of_somebody && !options.last) question.last = shown;

  std::vector<AuditEntry> entries;
  if (!options.file.empty()) {
    if (of_somebody || !everything || options.last)
      throw Error(ExitCode::usage, "--file shows a whole file, whatever else is asked for",
                  "Leave the other options out.");
    formats::read_audit_file(options.file,
                             [&](const AuditEntry& entry) { entries.push_back(entry); });
  } else {
    pg::Connection connection(context.globals.db);
    const pg::CancelOnStop cancel(connection, context.stop);
    pg::require_schema(connection);
    if (of_somebody || !context.globals.tenant.empty()) {
      Reading reading(context);
      if (of_somebody) {
        if (context.globals.hash_key.empty())
          throw Error(ExitCode::usage,
                      "people stand in the trail as keyed hashes, and there is no key",
                      "Name it with --hash-key.");
        question.subjects = subject_hashes(
            context, pg::normalise_identities(reading.connection, reading.map,
                                              read_identities(options.subject, context)));
      }
      if (!context.globals.tenant.empty())
        question.tenant_key =
            pg::find_tenant(reading.connection, reading.map, context.globals.tenant).key;
    }
    pg::read_audit(connection, question,
                   [&](const AuditEntry& entry) { entries.push_back(entry); });
  }
  emit(
      context, [&] { return entries.empty() ? "No entries.\n" : formats::audit_text(entries); },
      [&] {
        auto list = Json::array();
        for (const auto& entry : entries) list.push_back(formats::audit_entry_json(entry));
        return Json{{"entries", std::move(list)}};
      });
  return ExitCode::done;
}

ExitCode run_audit_verify(const AuditVerifyOptions& options, Context& context) {
  const Signatures signatures(options.public_keys);
  const auto further = read_checkpoint_files(options.checkpoints);
  const auto result = [&] {
    if (!options.file.empty()) return verify_trail_file(options.file, signatures, further);
    pg::Connection connection(context.globals.db);
    const pg::CancelOnStop cancel(connection, context.stop);
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    pg::require_schema(connection);
    return verify_trail(connection, signatures, further);
  }();
  emit(
      context, [&] { return verified_text(result); }, [&] { return verified_json(result); });
  return result.faults.empty() ? ExitCode::done : ExitCode::findings;
}

ExitCode run_audit_checkpoint(const AuditCheckpointOptions& options, Context& context) {
  const auto key = read_signing_key(options.signing_key);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  AuditEntry last;
  std::optional<AuditCheckpoint> known;
  std::string database;
  {
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    pg::require_schema(connection);
    require_whole(verify_trail(connection, Signatures({}), {}));
    pg::AuditQuestion question;
    question.last = 1;
    pg::read_audit(connection, question, [&](const AuditEntry& entry) { last = entry; });
    for (auto& one : pg::audit_checkpoints(connection)) {
      if (one.number == last.number) known = std::move(one);
    }
    database = pg::database_name(connection);
  }
  if (last.number == 0)
    throw Error(ExitCode::usage, "the audit trail has no entries yet: there is nothing to sign");
  AuditCheckpoint checkpoint;
  if (known) {
    checkpoint = *known;
  } else {
    checkpoint.number = last.number;
    checkpoint.hash = last.hash;
    checkpoint.statement = formats::checkpoint_statement(last, database, context.now);
    const auto signature = key.sign(checkpoint.statement);
    checkpoint.signature = to_hex(signature);
    checkpoint.key_id = key.id();
    pg::keep_checkpoint(connection, checkpoint);
  }
  if (!options.output.empty()) {
    using formats::SafeFile;
    SafeFile statement(options.output, SafeFile::Existing::replace, SafeFile::Readers::everybody);
    SafeFile signature(options.output + ".sig", SafeFile::Existing::replace,
                       SafeFile::Readers::everybody);
    statement.write(checkpoint.statement);
    signature.write(from_hex(checkpoint.signature));
    statement.commit();
    signature.commit();
  }
  emit(
      context,
      [&] {
        return (known ? "kept already: checkpoint at entry " : "kept a checkpoint at entry ") +
               std::to_string(checkpoint.number) + ", signed with key " + checkpoint.key_id + "\n";
      },
      [&] {
        return Json{{"entry", checkpoint.number},
                    {"hash", last.hash},
                    {"key_id", checkpoint.key_id},
                    {"new", !known}};
      });
  return ExitCode::done;
}

ExitCode run_audit_cut(const AuditCutOptions& options, Context& context) {
  const auto keep = parse_period(options.keep);
  if (!keep)
    throw Error(ExitCode::usage, "--keep is no period: " + options.keep,
                "Write it like '24 months'.");
  const Signatures signatures(options.public_keys);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  pg::require_schema(connection);
  require_long_enough(*keep, context, connection);
  std::optional<AuditCheckpoint> at;
  std::int64_t first = 0;
  std::int64_t old = 0;
  {
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    const auto whole = verify_trail(connection, signatures, {});
    require_whole(whole);
    first = whole.first;
    old = last_before(connection, *keep, context.now);
    for (auto& one : pg::audit_checkpoints(connection)) {
      if (one.number <= old && one.number >= first) at = std::move(one);
    }
  }
  const auto due = first == 0 || old == 0 ? 0 : old - first + 1;
  const auto going = at ? at->number - first + 1 : 0;
  if (options.apply && at) {
    pg::Transaction transaction(connection, pg::TransactionMode::read_write);
    pg::cut_audit(connection, *at);
    auto note = note_of(context, "audit cut");
    note.facts = {{"up_to", std::to_string(at->number)}, {"entries", std::to_string(going)}};
    pg::append_audit(connection, note);
    transaction.commit();
  }
  const bool gone = options.apply && at;
  emit(
      context,
      [&] {
        auto text = std::to_string(due) + " entries are older than " + to_text(*keep) + "; " +
                    std::to_string(going) + (gone ? " are gone" : " can go") +
                    ", up to the last checkpoint among them\n";
        if (due > going)
          text += "the others stay until dsarctl audit checkpoint has signed one behind them\n";
        if (at && !options.apply) text += "nothing was deleted: give --apply\n";
        return text;
      },
      [&] {
        return Json{{"older", due}, {"going", going}, {"applied", gone}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd
