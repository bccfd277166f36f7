#include "cmd/erase_resume.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/erase_apply.hpp"
#include "cmd/erase_reading.hpp"
#include "cmd/output.hpp"
#include "core/crypto/random.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"
#include "formats/erasure_report.hpp"

namespace dsar::cmd {
namespace {

constexpr std::size_t salt_bytes = 32;

/// The subject as far as rows of theirs have been withheld: nobody looks for them anew.
FoundSubject subject_of(Reading& reading, const pg::StoredErasure& erasure,
                        const SubjectKeys& rest) {
  FoundSubject found;
  found.closure.outcome = ClosureOutcome::found;
  found.tenant = pg::tenant_of_key(reading.connection, reading.map, erasure.tenant_key);
  for (const auto& [name, keys] : rest) {
    const auto set = find_set(reading.map, name);
    if (set.set == nullptr || set.set->identities.empty()) continue;
    found.keys[name] = keys;
    for (const auto& key : keys) {
      LinkedRow row;
      row.row = {name, set.set->subject, erasure.tenant_key, key, {}};
      found.closure.rows.push_back(std::move(row));
    }
  }
  // Rows of others may be all that was withheld.
  if (found.closure.rows.empty()) {
    LinkedRow row;
    row.row.tenant = erasure.tenant_key;
    found.closure.rows.push_back(std::move(row));
  }
  return found;
}

ErasureResult plan(Reading& reading, const FoundSubject& found, const SubjectKeys& rest,
                   const Context& context) {
  const EraseReading erasing(reading, found, 0, context.now, &rest);
  const auto decision = erasing.decide();
  refuse_uncovered(decision);
  return result_of(reading, found, context, decision, random_hex(salt_bytes));
}

}  // namespace

void register_erase_resume(CLI::App& erase, Context& context) {
  const auto command = add_command(
      erase, context,
      {.name = "resume",
       .summary = "erase what an erasure has withheld",
       .description = "Once a hold is released, or another ground has ended. Without --apply it "
                      "shows what would go and what is withheld still, and changes nothing.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused},
       .example = "dsarctl erase resume 7fb055bb --apply --signing-key dpo.pem"},
      run_erase_resume);
  auto& options = command.options;
  command.app.add_option("ID", options.id, "the number of the erasure, or how it begins")
      ->required();
  add_apply_options(command.app, options.erase);
}

ExitCode run_erase_resume(const EraseResumeOptions& options, Context& context) {
  if (!options.erase.certificate.empty() && !options.erase.apply)
    throw Error(ExitCode::usage, "--certificate goes with --apply");
  Reading reading(context);
  pg::require_schema(reading.connection);
  const auto erasure = pg::find_erasure(reading.connection, options.id);
  const auto rest = pg::withheld_rows(reading.connection, erasure.id);
  std::optional<EraseApply> apply;
  if (options.erase.apply) apply.emplace(options.erase, context, reading);
  ErasureResult result;
  result.as_of = context.now;
  if (!rest.empty()) {
    const auto found = subject_of(reading, erasure, rest);
    result = apply ? apply->resume(found, erasure, rest) : plan(reading, found, rest, context);
  }
  // Something else has taken all of it: there is nothing to know them for.
  if (apply && !rest.empty() && result.lines.empty())
    pg::forget_withheld(reading.connection, erasure.id);
  result.follows = erasure.id;
  if (!apply) {
    auto note = note_of(context, "erase");
    note.tenant_key = erasure.tenant_key;
    note.facts = {{"stage", "plan"}, {"follows", erasure.id}};
    put_on_record(context, note);
  }
  emit(
      context, [&] { return formats::erasure_text(result); },
      [&] {
        auto json = formats::erasure_json(result);
        json["residue"] = nullptr;
        return json;
      });
  const bool whole = result.withheld() == 0 && result.cannot_see.empty() && !result.left_over;
  return whole ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
