#include "cmd/erase_resume.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/erase_apply.hpp"
#include "cmd/erase_reading.hpp"
#include "cmd/erasure_numbers.hpp"
#include "cmd/erasure_output.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/output.hpp"
#include "cmd/tenant_command.hpp"
#include "core/crypto/random.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

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

void put_plan_on_record(const Context& context, const std::string& tenant_key,
                        const std::string& follows) {
  auto note = note_of(context, "erase");
  note.tenant_key = tenant_key;
  note.facts = {{"stage", "plan"}, {"follows", follows}};
  put_on_record(context, note);
}

/// What is left of the whole tenant, which is done as it was the first time. `begun`: whatever the
/// plan says, the run that was broken off is carried on.
ErasureResult resume_tenant(const std::string& slug, bool begun, const EraseOptions& options,
                            Context& context) {
  context.globals.tenant = slug;
  TenantCommand command(options, context);
  auto plan = command.plan();
  const bool goes = plan.rows_with(RowFate::remove) > 0 || plan.rows_with(RowFate::mask) > 0;
  return options.apply && (begun || goes) ? command.apply() : plan;
}

/// Who the begun erasure is about, by their strongest identities: their own rows go last.
SubjectQuestion question_of(Reading& reading, const pg::BegunErasure& begun) {
  SubjectQuestion question;
  for (const auto strength : {Strength::strong, Strength::weak, Strength::record}) {
    for (const auto& [name, keys] : begun.rows) {
      const auto& wanted = keys;
      const auto set = find_set(reading.map, name);
      if (set.set == nullptr) continue;
      for (const auto& row :
           pg::rows_of_keys(reading.connection, reading.map, reading.catalogue, set,
                            begun.tenant_key, [&](const std::vector<std::string>& key) {
                              return std::find(wanted.begin(), wanted.end(), key) != wanted.end();
                            })) {
        question.kind = row.subject;
        for (const auto& held : row.identities) {
          const Identity identity{held.kind, held.value};
          const auto& asked = question.asked;
          if (find_identity(reading.map, held.kind)->strength == strength &&
              std::find(asked.begin(), asked.end(), identity) == asked.end())
            question.asked.push_back(identity);
        }
      }
    }
    if (!question.asked.empty()) return question;
  }
  throw Error(ExitCode::refused,
              "nothing tells any more whom erasure " + begun.id +
                  " is about: their own rows are "
                  "gone, or have no identity",
              "Run 'dsarctl erase --apply' for the person.");
}

/// Carries on what was begun in batches and broken off.
ErasureResult carry_on(const pg::BegunErasure& begun, const EraseOptions& options,
                       Context& context) {
  Reading reading(context);
  if (reading.map.tenants) context.globals.tenant = begun.tenant;
  auto own = options;
  own.request = begun.request;
  if (own.apply) require_level_ledger(context, reading.connection);
  const auto question = question_of(reading, begun);
  auto found = find_subject(reading, context, question);
  require_one(found);
  if (own.apply)
    return EraseApply(own, context, reading)
        .run(std::move(found), question, begun.backups_until, begun.rows);
  found.keys = united(std::move(found.keys), begun.rows);
  put_plan_on_record(context, begun.tenant_key, begun.id);
  return plan(reading, found, pg::noted_rows(reading.connection, begun.id), context);
}

/// What the erasure of a person has withheld.
ErasureResult resume_person(const pg::StoredErasure& erasure, const EraseOptions& options,
                            Context& context) {
  Reading reading(context);
  const auto rest = pg::withheld_rows(reading.connection, erasure.id);
  std::optional<EraseApply> apply;
  if (options.apply) require_level_ledger(context, reading.connection);
  if (options.apply) apply.emplace(options, context, reading);
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
  if (!apply) put_plan_on_record(context, erasure.tenant_key, erasure.id);
  return result;
}

/// Takes up one of them. A result without a number: nothing could go, and nothing was changed.
ErasureResult resume_one(const std::string& id, const EraseOptions& options, Context& context) {
  std::optional<pg::BegunErasure> begun;
  pg::StoredErasure done;
  {
    pg::Connection connection(context.globals.db);
    pg::require_schema(connection);
    begun = pg::find_begun_by_id(connection, id);
    if (!begun) done = pg::find_erasure(connection, id);
  }
  if (begun && begun->whole_tenant) return resume_tenant(begun->tenant, true, options, context);
  if (begun) return carry_on(*begun, options, context);
  if (!done.whole_tenant) return resume_person(done, options, context);
  try {
    return resume_tenant(done.tenant, false, options, context);
  } catch (const Error& error) {
    if (error.code() != ExitCode::no_such_subject) throw;
    ErasureResult nothing;  // the tenant itself has gone since
    nothing.as_of = context.now;
    nothing.follows = done.id;
    return nothing;
  }
}

ResumedErasure told(const std::string& id, const ErasureResult& result) {
  return {.erasure = id,
          .follow_up = result.id,
          .deleted = result.rows_with(RowFate::remove),
          .masked = result.rows_with(RowFate::mask),
          .withheld = result.withheld(),
          .failure = {},
          .left_over = result.left_over || !result.cannot_see.empty()};
}

std::vector<std::string> erasures_with_rest(const Context& context) {
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  return pg::erasures_with_rest(connection);
}

}  // namespace

bool ResumedErasures::is_partial() const {
  return std::any_of(all.begin(), all.end(), [](const ResumedErasure& one) {
    return one.left_over || !one.failure.empty();
  });
}

void ResumedErasures::rethrow() const {
  if (broken_off) std::rethrow_exception(broken_off);
}

ResumedErasures resume_all(const EraseOptions& options, Context& context) {
  ResumedErasures resumed;
  try {
    for (const auto& id : erasures_with_rest(context)) {
      stop_if_interrupted(context.stop);
      auto one = context;  // the tenant of one is not that of the next
      try {
        resumed.all.push_back(told(id, resume_one(id, options, one)));
      } catch (const Error& error) {
        if (error.code() == ExitCode::interrupted) throw;
        auto& failed = resumed.all.emplace_back();
        failed.erasure = id;
        failed.failure = error.what();
      }
    }
  } catch (...) {
    resumed.broken_off = std::current_exception();
  }
  return resumed;
}

std::string resumed_text(const ResumedErasures& resumed, bool applied) {
  if (resumed.all.empty() && resumed.broken_off) return {};
  if (resumed.all.empty()) return "No erasure has anything left to do.\n";
  formats::TextTable table({{"erasure"},
                            {applied ? "deleted" : "to delete", formats::Align::right},
                            {applied ? "masked" : "to mask", formats::Align::right},
                            {"withheld", formats::Align::right},
                            {applied ? "followed by" : ""}});
  for (const auto& one : resumed.all)
    table.add({one.erasure, std::to_string(one.deleted), std::to_string(one.masked),
               std::to_string(one.withheld),
               one.failure.empty() ? one.follow_up : "failed: " + one.failure});
  return table.text();
}

nlohmann::ordered_json resumed_json(const ResumedErasures& resumed) {
  using Json = nlohmann::ordered_json;
  auto list = Json::array();
  for (const auto& one : resumed.all)
    list.push_back({{"erasure", one.erasure},
                    {"followed_by", one.follow_up.empty() ? Json() : Json(one.follow_up)},
                    {"deleted", one.deleted},
                    {"masked", one.masked},
                    {"withheld", one.withheld},
                    {"left_over", one.left_over},
                    {"failure", one.failure.empty() ? Json() : Json(one.failure)}});
  return list;
}

void register_erase_resume(App erase, Context& context) {
  const auto command = add_command(
      erase, context,
      {.name = "resume",
       .summary = "erase what an erasure has withheld, or has not come to",
       .description = "Once a hold is released, or another ground has ended; or one that goes in "
                      "batches was broken off. Without --apply it shows what would go and what is "
                      "withheld still, and changes nothing.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::locked, ExitCode::refused},
       .example = "dsarctl erase resume 7fb055bb --apply --signing-key dpo.pem"},
      run_erase_resume);
  auto& options = command.options;
  command.app.add_option("ID", options.id, "the number of the erasure, or how it begins");
  command.app.add_flag("--all", options.all,
                       "every erasure that has withheld something or is not done");
  add_apply_options(command.app, options.erase);
}

ExitCode run_erase_resume(const EraseResumeOptions& options, Context& context) {
  if (!options.erase.certificate.empty() && !options.erase.apply)
    throw Error(ExitCode::usage, "--certificate goes with --apply");
  if (options.all == !options.id.empty())
    throw Error(ExitCode::usage, "give the number of an erasure, or --all");
  if (options.all && !options.erase.certificate.empty())
    throw Error(ExitCode::usage, "--certificate is for one erasure",
                "'dsarctl certificate show' writes those of others.");
  if (options.all) {
    const auto resumed = resume_all(options.erase, context);
    emit(
        context, [&] { return resumed_text(resumed, options.erase.apply); },
        [&] {
          return nlohmann::ordered_json{{"applied", options.erase.apply},
                                        {"resumed", resumed_json(resumed)}};
        });
    resumed.rethrow();
    return resumed.is_partial() ? ExitCode::partial : ExitCode::done;
  }
  return tell_erasure(context, resume_one(options.id, options.erase, context));
}

}  // namespace dsar::cmd
