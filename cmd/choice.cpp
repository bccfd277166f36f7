#include "cmd/choice.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/hold_text.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/officer.hpp"
#include "cmd/output.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/choices.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/subject_identity.hpp"
#include "core/rfc3339.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"
#include "formats/wrapped.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// The one subject who is meant, whose rows nobody else changes until the transaction ends.
FoundSubject locked_subject(Reading& reading, const SubjectOptions& options, const Context& context,
                            SubjectQuestion& question) {
  question = read_subject(options, context);
  auto found = find_subject(reading, context, question);
  require_one(found);
  require_seen(found);
  pg::lock_subject(reading.connection, reading.map, reading.catalogue, found.keys,
                   found.tenant.key);
  return found;
}

ReachContext reach_of(const Reading& reading, const SubjectKeys& keys, const std::string& tenant) {
  return {reading.map, reading.catalogue, keys, tenant};
}

AuditNote lifted_note(const Context& context, const Choice& lifted) {
  auto note = note_of(context, "choice");
  note.tenant_key = lifted.made.tenant.key;
  note.subjects = subject_hashes(context, lifted.made.subject.asked);
  note.facts = {{"stage", "lifted"},
                {"choice", std::to_string(lifted.id)},
                {"kind", std::string(to_string(lifted.made.kind))}};
  return note;
}

std::string written_text(const std::vector<pg::WrittenChoice>& written) {
  if (written.empty())
    return "The map names no column where it is written: tell whoever acts on the data.\n";
  formats::TextTable table({{"written to"}, {"rows", formats::Align::right}});
  for (const auto& one : written) table.add({one.set + "." + one.column, std::to_string(one.rows)});
  return table.text(2);
}

Json written_json(const std::vector<pg::WrittenChoice>& written) {
  Json list = Json::array();
  for (const auto& one : written)
    list.push_back({{"set", one.set}, {"column", one.column}, {"rows", one.rows}});
  return list;
}

std::string what(const NewChoice& choice) {
  auto text = in_words(choice.kind);
  if (!choice.purpose.empty()) text += ", " + choice.purpose;
  return text;
}

Json choice_json(const Choice& choice) {
  Json json{{"id", choice.id},
            {"kind", to_string(choice.made.kind)},
            {"purpose", choice.made.purpose},
            {"tenant", tenant_json(choice.made.tenant)},
            {"subject", subject_json(choice.made.subject)},
            {"ground", choice.made.ground},
            {"author", choice.made.author},
            {"made_at", rfc3339(choice.made.made_at)}};
  if (choice.lifted_at)
    json["lifted"] = {{"at", rfc3339(*choice.lifted_at)},
                      {"author", choice.lifted_by},
                      {"reason", choice.lift_reason}};
  return json;
}

/// Art. 18(3): the subject is told before a restriction ends.
constexpr std::string_view notice =
    "Tell the person that the restriction ends, before their data are processed again (Art. 18(3) "
    "GDPR).";

std::string lifted_text(const LiftedChoice& one) {
  const auto& [lifted, written] = one;
  auto text = "lifted " + std::string(to_string(lifted.made.kind)) + " " +
              std::to_string(lifted.id) + "\n" + written_text(written);
  if (lifted.made.kind == SubjectChoice::restriction)
    text +=
        formats::wrapped(notice, 0) + "\nIt was on " +
        formats::printable(lifted.made.subject.kind + ": " + rows_text(lifted.made.subject.keys)) +
        "\n";
  return text;
}

Json lifted_json(const LiftedChoice& one) {
  const auto& [lifted, written] = one;
  Json json{{"id", lifted.id},
            {"kind", to_string(lifted.made.kind)},
            {"lifted", true},
            {"written", written_json(written)}};
  if (lifted.made.kind == SubjectChoice::restriction) json["notice"] = std::string(notice);
  return json;
}

/// Takes out of the map's columns what was lifted.
std::vector<pg::WrittenChoice> take_out(Reading& reading, const Choice& lifted) {
  return pg::write_choice(reading.connection,
                          reach_of(reading, lifted.made.subject.keys, lifted.made.tenant.key),
                          lifted.made, true);
}

}  // namespace

void add_lift_options(App command, ChoiceLiftOptions& options) {
  command.add_option("ID", options.id, "its number").required();
  command.add_option("--reason", options.reason, "why").type_name("TEXT").required();
}

RecordedChoice commit_choice(const Context& context, Reading& reading, const NewChoice& choice,
                             AuditNote note, const std::vector<LedgerRow>& rows) {
  RecordedChoice recorded;
  recorded.id = pg::record_choice(reading.connection, choice);
  recorded.written = pg::write_choice(
      reading.connection, reach_of(reading, choice.subject.keys, choice.tenant.key), choice, false);
  const auto id = std::to_string(recorded.id);
  note.facts = {
      {"stage", "recorded"}, {"choice", id}, {"kind", std::string(to_string(choice.kind))}};
  pg::append_audit(reading.connection, note);
  LedgerNote ledger{LedgerKind::choice, id, choice.tenant.key, rows};
  ledger.details = {{"kind", std::string(to_string(choice.kind))},
                    {"purpose", choice.purpose},
                    {"since", rfc3339(choice.made_at)}};
  commit_with_ledger(context, reading.connection, *reading.transaction, ledger);
  return recorded;
}

std::vector<LiftedChoice> commit_lifts(const Context& context, Reading& reading,
                                       const std::vector<std::int64_t>& ids,
                                       const std::vector<SubjectChoice>& kinds,
                                       const std::string& reason,
                                       const std::vector<LedgerRow>& rows) {
  std::vector<LiftedChoice> lifted;
  for (const auto id : ids) {
    auto choice = pg::lift_choice(reading.connection, id, kinds, actor_name(context), reason);
    auto written = take_out(reading, choice);
    lifted.push_back({std::move(choice), std::move(written)});
  }
  for (const auto& one : lifted)
    pg::append_audit(reading.connection, lifted_note(context, one.choice));
  const auto& last = lifted.back().choice;
  LedgerNote ledger{LedgerKind::choice_lift, std::to_string(last.id), last.made.tenant.key, rows};
  ledger.details = {{"kind", std::string(to_string(last.made.kind))},
                    {"purpose", last.made.purpose}};
  if (rows.empty()) ledger.details["since"] = rfc3339(last.made.made_at);
  commit_with_ledger(context, reading.connection, *reading.transaction, ledger);
  return lifted;
}

ExitCode record_choice(const SubjectOptions& subject, const ChoiceQuestion& question,
                       Context& context) {
  NewChoice choice;
  choice.kind = question.kind;
  choice.purpose = question.purpose;
  choice.ground = text_of_option("--ground", question.ground);
  choice.author = actor_name(context);
  choice.made_at = context.now;

  Reading reading(context, pg::TransactionMode::read_write);
  pg::require_schema(reading.connection);
  if (choice.kind == SubjectChoice::restriction) pg::begin_restricting(reading.connection);
  SubjectQuestion asked;
  const auto found = locked_subject(reading, subject, context, asked);
  choice.tenant = {found.tenant.key, found.tenant.slug};
  choice.subject.kind = found.closure.rows.front().row.subject;
  choice.subject.asked = pg::normalise_identities(reading.connection, reading.map, asked.asked);
  choice.subject.also = pg::normalise_identities(reading.connection, reading.map, asked.also);
  choice.subject.keys = found.keys;
  choice.subject.proven = proven_keys(found.closure, choice.subject.also);
  const auto recorded = commit_choice(context, reading, choice, note_of(context, "choice", found),
                                      ledger_rows(context, reading.map, found));

  emit(
      context,
      [&] {
        auto text = "recorded " + std::string(to_string(choice.kind)) + " " +
                    std::to_string(recorded.id) + ": " + formats::printable(what(choice)) + "\n" +
                    written_text(recorded.written);
        return question.then.empty() ? text : text + formats::wrapped(question.then, 0) + "\n";
      },
      [&] {
        return Json{{"id", recorded.id},
                    {"kind", to_string(choice.kind)},
                    {"purpose", choice.purpose},
                    {"made_at", rfc3339(choice.made_at)},
                    {"written", written_json(recorded.written)}};
      });
  return ExitCode::done;
}

ExitCode list_choices(const std::vector<SubjectChoice>& kinds, const ChoiceListOptions& options,
                      Context& context) {
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  pg::require_schema(connection);
  auto choices = pg::list_choices(connection, options.all);
  const auto& tenant = context.globals.tenant;
  std::erase_if(choices, [&](const Choice& choice) {
    const bool wanted =
        std::find(kinds.begin(), kinds.end(), choice.made.kind) != kinds.end() &&
        (tenant.empty() || choice.made.tenant.slug == tenant || choice.made.tenant.key == tenant);
    return !wanted;
  });
  auto note = note_of(context, "choice list");
  note.facts = {{"choices", std::to_string(choices.size())}};
  put_on_record(context, note);
  emit(
      context,
      [&] {
        if (choices.empty()) return std::string("nothing is recorded\n");
        formats::TextTable table({{"id", formats::Align::right},
                                  {"tenant"},
                                  {"of"},
                                  {"what"},
                                  {"since"},
                                  {"ground"},
                                  {"by"},
                                  {"state"}});
        for (const auto& choice : choices)
          table.add({std::to_string(choice.id), choice.made.tenant.slug,
                     choice.made.subject.kind + ": " + rows_text(choice.made.subject.keys),
                     what(choice.made), rfc3339(choice.made.made_at), choice.made.ground,
                     choice.made.author,
                     choice.lifted_at ? "lifted: " + choice.lift_reason : "stands"});
        return table.text();
      },
      [&] {
        Json list = Json::array();
        for (const auto& choice : choices) list.push_back(choice_json(choice));
        return Json{{"choices", std::move(list)}};
      });
  return ExitCode::done;
}

ExitCode lift_choice(const std::vector<SubjectChoice>& kinds, const ChoiceLiftOptions& options,
                     Context& context) {
  const auto reason = text_of_option("--reason", options.reason);
  Reading reading(context, pg::TransactionMode::read_write);
  pg::require_schema(reading.connection);
  const bool restriction =
      std::find(kinds.begin(), kinds.end(), SubjectChoice::restriction) != kinds.end();
  if (restriction) pg::begin_restricting(reading.connection);
  const auto lifts = commit_lifts(context, reading, {options.id}, kinds, reason, {});
  emit(
      context, [&] { return lifted_text(lifts.front()); },
      [&] { return lifted_json(lifts.front()); });
  return ExitCode::done;
}

ExitCode give_consent(const SubjectOptions& subject, const ChoiceQuestion& question,
                      Context& context) {
  const auto reason = text_of_option("--ground", question.ground);
  Reading reading(context, pg::TransactionMode::read_write);
  pg::require_schema(reading.connection);
  SubjectQuestion asked;
  const auto found = locked_subject(reading, subject, context, asked);
  std::vector<std::int64_t> ids;
  for (const auto& choice : choices_of(reading, found)) {
    if (choice.made.kind == SubjectChoice::consent_withdrawn &&
        choice.made.purpose == question.purpose)
      ids.push_back(choice.id);
  }
  if (ids.empty())
    throw Error(ExitCode::usage, "no withdrawal of this consent is recorded of the subject",
                "dsarctl consent list shows those that are, each with its purpose.");
  const auto lifts = commit_lifts(context, reading, ids, {SubjectChoice::consent_withdrawn}, reason,
                                  ledger_rows(context, reading.map, found));
  std::string text;
  Json json = Json::array();
  for (const auto& one : lifts) {
    text += lifted_text(one);
    json.push_back(lifted_json(one));
  }
  emit(
      context, [&] { return text; },
      [&] {
        return Json{{"given", std::move(json)}};
      });
  return ExitCode::done;
}

std::vector<Choice> choices_of(Reading& reading, const FoundSubject& found) {
  if (!pg::can_read_holds(reading.connection)) return {};
  auto choices = pg::list_choices(reading.connection, false);
  std::erase_if(choices, [&](const Choice& choice) {
    return choice.made.tenant.key != found.tenant.key ||
           !share_a_row(choice.made.subject.keys, found.keys);
  });
  return choices;
}

std::string choices_text(const std::vector<Choice>& choices) {
  if (choices.empty()) return {};
  formats::TextTable table({{"id", formats::Align::right}, {"what"}, {"since"}, {"ground"}});
  for (const auto& choice : choices)
    table.add({std::to_string(choice.id), what(choice.made), rfc3339(choice.made.made_at),
               choice.made.ground});
  return "\nDecided on the use of these data:\n" + table.text(2);
}

Json choices_json(const std::vector<Choice>& choices) {
  Json list = Json::array();
  for (const auto& choice : choices)
    list.push_back({{"id", choice.id},
                    {"kind", to_string(choice.made.kind)},
                    {"purpose", choice.made.purpose},
                    {"made_at", rfc3339(choice.made.made_at)},
                    {"ground", choice.made.ground}});
  return list;
}

}  // namespace dsar::cmd
