#include "cmd/rectify.hpp"

#include <algorithm>
#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/held_by.hpp"
#include "cmd/ledger_places.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/integrations.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/rectify.hpp"
#include "core/pg/subject_identity.hpp"
#include "core/policy_about.hpp"
#include "formats/corrections_file.hpp"
#include "formats/rectification_report.hpp"
#include "formats/replaced_json.hpp"

namespace dsar::cmd {
namespace {

std::string read_all(const std::string& path, const Context& context) {
  std::ostringstream text;
  if (path == "-") {
    text << context.in.rdbuf();
    return text.str();
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ExitCode::usage, path + ": cannot be read");
  text << file.rdbuf();
  return text.str();
}

std::vector<Correction> read_corrections(const RectifyOptions& options, const Context& context) {
  if (options.from_json == "-" && options.subject.identities_from == "-")
    throw Error(ExitCode::usage,
                "--from-json and --identities-from cannot both read standard input");
  std::vector<Correction> corrections;
  for (std::size_t i = 0; i < options.replace.size(); ++i)
    corrections.push_back(
        parse_replacement(options.replace[i], "--replace " + std::to_string(i + 1)));
  for (std::size_t i = 0; i < options.set.size(); ++i)
    corrections.push_back(parse_setting(options.set[i], "--set " + std::to_string(i + 1)));
  if (!options.from_json.empty()) {
    const auto name = options.from_json == "-" ? std::string("standard input") : options.from_json;
    for (auto& correction : formats::read_corrections(read_all(options.from_json, context), name))
      corrections.push_back(std::move(correction));
  }
  if (corrections.empty())
    throw Error(ExitCode::usage, "nothing to put right is given",
                "Give --replace, --set or --from-json.");
  return corrections;
}

/// Whom the data may have been passed on to, by what the tenant's policy says.
std::vector<Recipient> recipients_of(Reading& reading, const FoundSubject& found) {
  const auto* const policy = reading.policies.find(found.tenant.policy);
  if (policy == nullptr) return {};
  AboutQuestion question;
  question.integrations = pg::enabled_integrations(reading.connection, reading.map,
                                                   reading.catalogue, found.tenant.key);
  return about(policy->policy, question).recipients;
}

std::string held_text(const std::optional<std::vector<HeldBy>>& holds) {
  const auto text = held_by_text(holds);
  if (!holds || holds->empty()) return text;
  return text + "Rows that are kept are put right all the same; what they held before is lost.\n";
}

/// What the audit trail keeps of it.
std::map<std::string, std::string> facts_of(const formats::RectificationReport& report) {
  std::map<std::string, std::string> facts{{"stage", report.applied ? "done" : "plan"}};
  for (const auto& [set, rows] : report.done.rows) facts["rows " + set] = std::to_string(rows);
  return facts;
}

/// The identities that the corrections give the person.
std::vector<Identity> new_identities(Reading& reading, const std::vector<Correction>& corrections) {
  std::vector<Identity> identities;
  for (const auto& correction : corrections) {
    for (const auto& kind : reading.map.identities) {
      if (falls_under(kind.category, correction.category))
        identities.push_back({kind.name, correction.value});
    }
  }
  return pg::normalise_identities(reading.connection, reading.map, identities);
}

/// What tells later, without the values, whether they still stand, and who the person was before.
LedgerNote ledger_note(const Context& context, Reading& reading, const FoundSubject& found,
                       const std::vector<Correction>& asked, const Rectification& done) {
  LedgerNote note{LedgerKind::rectification, "", found.tenant.key,
                  ledger_rows(context, reading.map, found)};
  const auto corrections = checked_corrections(reading.map, asked);
  const auto added = subject_hashes(context, new_identities(reading, corrections));
  for (auto& row : note.rows) {
    // A row without any is known by its key alone.
    if (!row.identities.empty())
      row.identities.insert(row.identities.end(), added.begin(), added.end());
  }
  std::set<std::string> categories;
  for (const auto& one : corrections) categories.insert(one.category);
  note.details["categories"] = join({categories.begin(), categories.end()}, ", ");
  if (std::any_of(done.written.begin(), done.written.end(),
                  [](const WrittenColumn& one) { return one.key.empty(); }))
    note.details["by_hand"] = "a table has no key";
  note.places = ledger_places(context, done);
  return note;
}

}  // namespace

void register_rectify(App app, Context& context) {
  const auto command = add_command(
      app, context,
      {.name = "rectify",
       .summary = "put a person's data right, wherever they are held",
       .description =
           "Without --apply it tries the change, undoes it and shows every place with its value "
           "before and after. CATEGORY is one of the map's, such as user.contact.email, or an "
           "identity kind that stands for it, such as email. Values are shown masked.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused,
                      ExitCode::no_such_subject},
       .example = "dsarctl rectify visitor:42 --replace email:old@example.com=new@example.com"},
      run_rectify);
  auto& options = command.options;
  add_subject_options(command.app, options.subject);
  command.app
      .add_option("--replace", options.replace,
                  "put NEW wherever the category has OLD; several times for several")
      .type_name("CATEGORY:OLD=NEW")
      .one_value();
  command.app
      .add_option("--set", options.set,
                  "replace the category's one value, or complete its one empty field")
      .type_name("CATEGORY=VALUE")
      .one_value();
  command.app
      .add_option("--from-json", options.from_json,
                  "read a list of {\"category\", \"old\", \"new\"} from a file, or from standard "
                  "input (-); without \"old\" it is as --set")
      .type_name("FILE|-");
  command.app.add_option("--in", options.within, "only there; several times for several places")
      .type_name("SET[.COLUMN]")
      .one_value();
  command.app.add_flag("--reveal", options.reveal, "show values as they are");
  command.app.add_flag("--apply", options.apply, "do it");
}

ExitCode run_rectify(const RectifyOptions& options, Context& context) {
  const auto asked = read_corrections(options, context);
  const auto question = read_subject(options.subject, context);
  if (options.apply) refuse_files_of_others(required_map(context));

  // One transaction finds, tries and tells; a plan is one that is undone.
  Reading reading(context, pg::TransactionMode::read_write);
  pg::require_schema(reading.connection);
  const auto found = find_subject(reading, context, question);
  require_one(found);
  pg::lock_subject(reading.connection, reading.map, reading.catalogue, found.keys,
                   found.tenant.key);
  if (find_subject(reading, context, question).keys != found.keys)
    throw Error(ExitCode::refused, "somebody else is changing which rows are this subject's",
                "Run it again.");

  std::vector<Within> within;
  for (const auto& bounds : options.within) within.push_back(parse_within(reading.map, bounds));
  formats::RectificationReport report;
  report.applied = options.apply;
  report.reveal = options.reveal;
  report.tenant = found.tenant.slug;
  report.policy = found.tenant.policy;
  report.recipients = recipients_of(reading, found);
  const auto held = held_by(reading, found);
  report.done =
      pg::rectify(reading.connection,
                  {reading.map, reading.catalogue, found.keys, found.tenant.key,
                   checked_corrections(reading.map, asked), within, formats::replaced_json});
  for (const auto& unseen : found.cannot_see)
    report.done.cannot_see.push_back({unseen.what, unseen.reason});
  auto note = note_of(context, "rectify", found);
  note.facts = facts_of(report);
  if (options.apply) {
    pg::append_audit(reading.connection, note);
    commit_with_ledger(context, reading.connection, *reading.transaction,
                       ledger_note(context, reading, found, asked, report.done));
  } else {
    put_on_record(context, note);
  }

  emit(
      context, [&] { return formats::rectification_text(report) + held_text(held); },
      [&] {
        auto json = formats::rectification_json(report);
        json["held_by"] = held_by_json(held);
        return json;
      });
  const bool whole = report.done.cannot_see.empty() && report.done.still_found.empty();
  return whole ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
