#include "cmd/hold.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/hold_text.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/officer.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/migrations.hpp"
#include "core/rfc3339.hpp"
#include "core/suggest.hpp"

namespace dsar::cmd {
namespace {

/// Which of the three things that can be held is meant.
HoldKind kind_of(const HoldPlaceOptions& options, const Context& context) {
  const bool subject =
      !options.subject.subjects.empty() || !options.subject.identities_from.empty();
  if (!options.where.empty() && options.set.empty())
    throw Error(ExitCode::usage, "--where says which rows of a record set, but none is named",
                "Name it with --set.");
  if ((subject ? 1 : 0) + (options.whole_tenant ? 1 : 0) + (options.set.empty() ? 0 : 1) != 1)
    throw Error(ExitCode::usage, "one of a subject, --whole-tenant and --set has to be given",
                "A hold is on one of them; place several for several.");
  if (!options.whole_tenant) return subject ? HoldKind::subject : HoldKind::set;
  if (context.globals.tenant.empty())
    throw Error(ExitCode::usage, "--whole-tenant wants to know which tenant",
                "Name it with --tenant.");
  return HoldKind::tenant;
}

FoundSubject fill_subject(const SubjectQuestion& question, const Context& context, Reading& reading,
                          NewHold& hold) {
  const auto found = find_subject(reading, context, question);
  require_one(found);
  require_seen(found);
  hold.tenant = {found.tenant.key, found.tenant.slug};
  hold.subject.kind = found.closure.rows.front().row.subject;
  hold.subject.asked = pg::normalise_identities(reading.connection, reading.map, question.asked);
  hold.subject.also = pg::normalise_identities(reading.connection, reading.map, question.also);
  hold.subject.keys = found.keys;
  hold.subject.proven = proven_keys(found.closure, hold.subject.also);
  return found;
}

void fill_set(const HoldPlaceOptions& options, Reading& reading, NewHold& hold) {
  const auto set = find_set(reading.map, options.set);
  if (set.set == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& known : record_sets(reading.map)) names.emplace_back(known.set->name);
    throw Error(ExitCode::usage, "the map has no record set '" + options.set + "'" +
                                     did_you_mean(options.set, names));
  }
  hold.set = options.set;
  if (options.where.empty()) return;
  hold.predicate = text_of_option("--where", options.where);
  pg::check_hold_predicate(reading.connection, set, *hold.predicate);
}

/// The hold as what it would keep, so that its rows can be counted.
Held as_held(const NewHold& hold) {
  Held held;
  const std::string by = "this hold";
  switch (hold.kind) {
    case HoldKind::subject:
      held.subjects.push_back({by, hold.tenant.key, hold.subject.keys});
      break;
    case HoldKind::tenant:
      held.tenants.push_back({by, hold.tenant.key});
      break;
    case HoldKind::set:
      held.sets.push_back({by, hold.tenant.key, hold.set, std::nullopt});
      if (hold.predicate) held.sets.back().predicate = SqlFragment{*hold.predicate, {}};
      break;
  }
  return held;
}

/// When the hold was placed, by which it is told from one that gets its number after a restore.
std::string since_of(pg::Connection& connection, std::int64_t id) {
  for (const auto& hold : pg::list_holds(connection, true)) {
    if (hold.id == id) return rfc3339(hold.placed_at);
  }
  return {};
}

void register_place(App hold, Context& context) {
  const auto place = add_command(
      hold, context,
      {.name = "place",
       .summary = "keep rows from being deleted or masked",
       .description =
           "Shows how many rows of each record set the hold covers, then places it. It is on one "
           "person, or with --whole-tenant on all that a tenant has, or with --set on the rows of "
           "a record set, in one tenant or in all. Rows that hang on held rows are held, and so "
           "are rows on which held rows hang, also those that come later.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl hold place visitor:42 --ground 'claim 7/26' --review 2026-12-31"},
      run_hold_place);
  auto& options = place.options;
  add_subject_options(place.app, options.subject);
  place.app.add_flag("--whole-tenant", options.whole_tenant,
                     "hold everything of the tenant that --tenant names");
  place.app.add_option("--set", options.set, "hold rows of this record set of the map")
      .type_name("NAME");
  place.app
      .add_option("--where", options.where,
                  "of those only the rows for which this condition on their columns holds")
      .type_name("SQL");
  place.app.add_option("--ground", options.ground, "why, for whoever reviews the hold")
      .type_name("TEXT")
      .required();
  place.app.add_option("--review", options.review, "when to look whether it is still needed")
      .type_name("DATE")
      .required();
}

}  // namespace

void register_hold(App app, Context& context) {
  const auto hold = add_group(
      app, {.name = "hold",
            .summary = "place, list and release legal holds",
            .description = "What is held is neither deleted nor masked, whatever a policy says.",
            .exit_codes = {},
            .example = "dsarctl hold list"});
  register_place(hold, context);
  const auto list = add_command(hold, context,
                                {.name = "list",
                                 .summary = "show the holds, and whose review is overdue",
                                 .description = "Needs no data map.",
                                 .exit_codes = {ExitCode::findings, ExitCode::database},
                                 .example = "dsarctl hold list --check"},
                                run_hold_list);
  list.app.add_flag("--all", list.options.all, "those too that have been released");
  list.app.add_flag("--check", list.options.check, "exit with code 4 when a review is overdue");
  const auto release =
      add_command(hold, context,
                  {.name = "release",
                   .summary = "end a hold",
                   .description = "What it alone has kept is due again at the next sweep.",
                   .exit_codes = {ExitCode::database},
                   .example = "dsarctl hold release 12 --reason 'claim settled'"},
                  run_hold_release);
  release.app.add_option("ID", release.options.id, "the hold's number").required();
  release.app.add_option("--reason", release.options.reason, "why").type_name("TEXT").required();
}

std::int64_t place_with_ledger(const Context& context, pg::Connection& connection,
                               const NewHold& hold, const std::vector<LedgerRow>& rows) {
  return pg::place_hold(
      connection, hold, subject_hashes(context, hold.subject.asked),
      [&](pg::Transaction& transaction, std::int64_t number) {
        LedgerNote note{LedgerKind::hold, std::to_string(number), hold.tenant.key, rows};
        note.details = {{"kind", std::string(to_string(hold.kind))},
                        {"set", hold.set},
                        {"review", iso_text(hold.review_on)},
                        {"since", since_of(connection, number)}};
        // A condition may hold personal values, which are not for the ledger.
        if (hold.predicate) note.details["by_hand"] = "it has a condition";
        commit_with_ledger(context, connection, transaction, note);
      });
}

void release_with_ledger(const Context& context, pg::Connection& connection, std::int64_t id,
                         const std::string& reason) {
  pg::release_hold(connection, id, actor_name(context), reason,
                   [&](pg::Transaction& transaction, std::int64_t number) {
                     LedgerNote note{LedgerKind::hold_release, std::to_string(number), {}, {}};
                     note.details = {{"since", since_of(connection, number)}};
                     commit_with_ledger(context, connection, transaction, note);
                   });
}

ExitCode run_hold_place(const HoldPlaceOptions& options, Context& context) {
  NewHold hold;
  hold.kind = kind_of(options, context);
  hold.ground = text_of_option("--ground", options.ground);
  hold.author = actor_name(context);
  hold.review_on = date_of_option("--review", options.review);
  if (hold.review_on < Zone().date_of(context.now))
    throw Error(ExitCode::usage, "the review date " + iso_text(hold.review_on) + " is over");
  SubjectQuestion question;
  if (hold.kind == HoldKind::subject) question = read_subject(options.subject, context);

  std::vector<pg::Coverage> covered;
  std::vector<LedgerRow> rows;
  {
    Reading reading(context);
    pg::require_schema(reading.connection);
    if (hold.kind == HoldKind::subject) {
      rows = ledger_rows(context, reading.map, fill_subject(question, context, reading, hold));
    } else if (!context.globals.tenant.empty()) {
      const auto tenant = pg::find_tenant(reading.connection, reading.map, context.globals.tenant);
      hold.tenant = {tenant.key, tenant.slug};
    }
    if (hold.kind == HoldKind::set) fill_set(options, reading, hold);
    covered = pg::count_held(reading.connection, reading.map, reading.catalogue, as_held(hold));
  }
  if (!context.globals.json) emit_text(context, coverage_text(hold, covered));

  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const auto id = place_with_ledger(context, connection, hold, rows);
  emit(
      context,
      [&] {
        return "placed hold " + std::to_string(id) + ", to be reviewed on " +
               iso_text(hold.review_on) + "\n";
      },
      [&] {
        return nlohmann::ordered_json{{"hold", id},
                                      {"kind", to_string(hold.kind)},
                                      {"review_on", iso_text(hold.review_on)},
                                      {"covers", coverage_json(covered)}};
      });
  return ExitCode::done;
}

ExitCode run_hold_list(const HoldListOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  pg::require_schema(connection);
  auto holds = pg::list_holds(connection, options.all);
  if (const auto& tenant = context.globals.tenant; !tenant.empty())
    std::erase_if(holds, [&](const Hold& hold) {
      return hold.placed.tenant.slug != tenant && hold.placed.tenant.key != tenant;
    });
  const auto today = Zone().date_of(context.now);
  auto note = note_of(context, "hold list");
  note.facts = {{"holds", std::to_string(holds.size())}};
  put_on_record(context, note);
  emit(
      context, [&] { return holds_text(holds, today); }, [&] { return holds_json(holds, today); });
  const bool overdue = std::any_of(holds.begin(), holds.end(),
                                   [&](const Hold& hold) { return is_overdue(hold, today); });
  return options.check && overdue ? ExitCode::findings : ExitCode::done;
}

ExitCode run_hold_release(const HoldReleaseOptions& options, Context& context) {
  const auto reason = text_of_option("--reason", options.reason);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  {
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    pg::require_schema(connection);
  }
  release_with_ledger(context, connection, options.id, reason);
  emit(
      context,
      [&] {
        return "released hold " + std::to_string(options.id) +
               ": what it alone has kept is due again\n";
      },
      [&] {
        return nlohmann::ordered_json{{"hold", options.id}, {"released", true}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd
