#include "cmd/ledger_repeat.hpp"

#include <algorithm>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/choice.hpp"
#include "cmd/hold.hpp"
#include "cmd/ledger_places.hpp"
#include "core/iso_date.hpp"
#include "core/pg/choices.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/subject_identity.hpp"
#include "core/rfc3339.hpp"

namespace dsar::cmd {
namespace {

std::string detail(const LedgerEntry& entry, const char* name) {
  const auto found = entry.details.find(name);
  return found == entry.details.end() ? std::string() : found->second;
}

/// Why it is done again, for whoever reads the record.
std::string ground_of(const LedgerEntry& entry) {
  return "ledger entry " + std::to_string(entry.number) + ": " +
         (entry.kind == LedgerKind::hold || entry.kind == LedgerKind::hold_release ? "hold "
                                                                                   : "choice ") +
         entry.id + ", lost with a restore";
}

void name_tenant(Context& context, Reading& reading, const LedgerEntry& entry) {
  if (reading.map.tenants && !entry.tenant_key.empty())
    context.globals.tenant =
        pg::tenant_of_key(reading.connection, reading.map, entry.tenant_key).slug;
}

SubjectKeys keys_of(const std::vector<SubjectRow>& rows) {
  SubjectKeys keys;
  for (const auto& row : rows) keys[row.set].push_back(row.key);
  return keys;
}

/// The person whose rows are back, as a hold or a choice records them. Where it is no longer clear
/// who that is, the rows alone are.
RecordedSubject recorded(Reading& reading, const Context& context, const std::string& key,
                         const LedgerEntry& entry, const std::vector<SubjectRow>& rows) {
  const auto question = question_of(reading, key, entry, rows);
  RecordedSubject subject;
  subject.kind = question.kind;
  subject.keys = keys_of(rows);
  subject.asked = pg::normalise_identities(reading.connection, reading.map, question.asked);
  if (question.asked.empty()) return subject;
  const auto found = find_subject(reading, context, question);
  if (found.closure.outcome != ClosureOutcome::found) return subject;
  subject.keys = united(found.keys, subject.keys);
  subject.proven = proven_keys(found.closure, {});
  return subject;
}

Repeated repeat_hold(Context& context, const std::string& key, const LedgerEntry& entry) {
  NewHold hold;
  hold.kind = from_string<HoldKind>(detail(entry, "kind")).value();
  hold.set = detail(entry, "set");
  hold.ground = ground_of(entry);
  hold.author = actor_name(context);
  hold.review_on = parse_iso_date(detail(entry, "review")).value();
  RowsBack there;
  {
    Reading reading(context);
    pg::require_schema(reading.connection);
    name_tenant(context, reading, entry);
    hold.tenant = {entry.tenant_key, context.globals.tenant};
    if (hold.kind == HoldKind::subject) {
      there = rows_back(reading, key, entry);
      if (there.rows.empty())
        return {"hold " + entry.id + " was on rows that are not there: " + what_is_there(there) +
                    "; then 'dsarctl ledger settle " + std::to_string(entry.number) + "'",
                false};
      hold.subject = recorded(reading, context, key, entry, there.rows);
    }
    if (hold.kind == HoldKind::set && find_set(reading.map, hold.set).set == nullptr)
      throw Error(ExitCode::usage, "the map has no record set '" + hold.set + "' any more");
  }
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const auto id = place_with_ledger(context, connection, hold, entry.rows);
  auto outcome = "placed again as hold " + std::to_string(id);
  if (hold.kind == HoldKind::subject)
    outcome += " on " + std::to_string(there.rows.size()) + " of " +
               std::to_string(entry.rows.size()) + " rows";
  return {outcome, true};
}

Repeated repeat_release(const Context& context, const LedgerEntry& entry) {
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  std::vector<Hold> holds;
  {
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    holds = pg::list_holds(connection, true);
  }
  const auto hold = std::find_if(holds.begin(), holds.end(), [&](const Hold& one) {
    return std::to_string(one.id) == entry.id && rfc3339(one.placed_at) == detail(entry, "since");
  });
  if (hold == holds.end())
    return {"hold " + entry.id +
                " is not there: release by hand what was placed for it, then "
                "'dsarctl ledger settle " +
                std::to_string(entry.number) + "'",
            false};
  if (hold->released_at) return {"hold " + entry.id + " is released already", true};
  release_with_ledger(context, connection, hold->id, ground_of(entry));
  return {"released hold " + entry.id + " again", true};
}

/// The choice of the same kind and purpose that stands for the rows; nullptr: none does.
const Choice* standing(const std::vector<Choice>& choices, const LedgerEntry& entry,
                       const SubjectKeys& keys) {
  const auto found = std::find_if(choices.begin(), choices.end(), [&](const Choice& one) {
    return to_string(one.made.kind) == detail(entry, "kind") &&
           one.made.purpose == detail(entry, "purpose") &&
           one.made.tenant.key == entry.tenant_key && share_a_row(one.made.subject.keys, keys);
  });
  return found == choices.end() ? nullptr : &*found;
}

Repeated repeat_choice(Context& context, const std::string& key, const LedgerEntry& entry) {
  NewChoice choice;
  choice.kind = from_string<SubjectChoice>(detail(entry, "kind")).value();
  choice.purpose = detail(entry, "purpose");
  choice.ground = ground_of(entry);
  choice.author = actor_name(context);
  choice.made_at = parse_rfc3339(detail(entry, "since")).value();
  Reading reading(context, pg::TransactionMode::read_write);
  pg::require_schema(reading.connection);
  if (choice.kind == SubjectChoice::restriction) pg::begin_restricting(reading.connection);
  name_tenant(context, reading, entry);
  choice.tenant = {entry.tenant_key, context.globals.tenant};
  const auto there = rows_back(reading, key, entry);
  if (there.rows.empty()) return {what_is_there(there), true};
  const auto keys = keys_of(there.rows);
  pg::lock_subject(reading.connection, reading.map, reading.catalogue, keys, entry.tenant_key);
  if (const auto* const stands = standing(pg::list_choices(reading.connection, false), entry, keys))
    return {"stands already, as choice " + std::to_string(stands->id), true};
  choice.subject = recorded(reading, context, key, entry, there.rows);
  auto note = note_of(context, "choice");
  note.tenant_key = entry.tenant_key;
  note.subjects = subject_hashes(context, choice.subject.asked);
  const auto id = commit_choice(context, reading, choice, std::move(note), entry.rows).id;
  return {"recorded again as choice " + std::to_string(id), true};
}

/// A consent that was given again ends every withdrawal of the rows for that purpose; any other
/// lift the one choice that it names.
Repeated repeat_lift(Context& context, const std::string& key, const LedgerEntry& entry) {
  Reading reading(context, pg::TransactionMode::read_write);
  pg::require_schema(reading.connection);
  const auto kind = from_string<SubjectChoice>(detail(entry, "kind")).value();
  if (kind == SubjectChoice::restriction) pg::begin_restricting(reading.connection);
  name_tenant(context, reading, entry);
  const auto choices = pg::list_choices(reading.connection, true);
  std::vector<std::int64_t> lift;
  const auto since = detail(entry, "since");
  const auto keys = since.empty() ? keys_of(rows_back(reading, key, entry).rows) : SubjectKeys();
  bool known = since.empty();
  for (const auto& one : choices) {
    if (one.made.kind != kind) continue;
    const bool meant =
        since.empty() ? standing({one}, entry, keys) != nullptr
                      : std::to_string(one.id) == entry.id && rfc3339(one.made.made_at) == since;
    known = known || meant;
    if (meant && !one.lifted_at) lift.push_back(one.id);
  }
  if (!known)
    return {"choice " + entry.id +
                " is not there: lift by hand what was recorded for it, then "
                "'dsarctl ledger settle " +
                std::to_string(entry.number) + "'",
            false};
  if (lift.empty()) return {"does not stand any more", true};
  commit_lifts(context, reading, lift, {kind}, ground_of(entry), entry.rows);
  return {"lifted again", true};
}

}  // namespace

Repeated check_rectification(Reading& reading, const std::string& key, const LedgerEntry& entry) {
  const auto categories = detail(entry, "categories");
  const auto [right, wrong, gone] = compare_places(reading, key, entry);
  if (wrong > 0)
    return {"data were put right (" + categories + "): " + std::to_string(wrong) + " of " +
                std::to_string(right + wrong + gone) +
                " columns hold something else: put them right by hand, then replay again",
            false};
  if (right > 0) return {"data were put right (" + categories + ") and still are", true};
  return {"data were put right (" + categories + ") in rows that are not there", true};
}

bool can_be_repeated(const LedgerEntry& entry) {
  return !entry.details.empty() && !entry.details.contains("by_hand");
}

std::string plan_to_repeat(Reading& reading, const LedgerEntry& entry, const RowsBack& there) {
  std::string what = "choice " + entry.id + " was lifted";
  if (entry.kind == LedgerKind::tenant_erasure)
    return "all of the tenant was erased: 'dsarctl erase --whole-tenant --tenant " +
           pg::tenant_of_key(reading.connection, reading.map, entry.tenant_key).slug +
           " --apply' erases it again";
  if (entry.kind == LedgerKind::rectification) what = "data were put right";
  if (entry.kind == LedgerKind::hold) what = "hold " + entry.id + " was placed";
  if (entry.kind == LedgerKind::hold_release) what = "hold " + entry.id + " was released";
  if (entry.kind == LedgerKind::choice) what = "choice " + entry.id + " was recorded";
  if (!can_be_repeated(entry))
    return what + ": repeat it by hand, then 'dsarctl ledger settle " +
           std::to_string(entry.number) + "'";
  return entry.rows.empty() ? what : what + "; " + what_is_there(there);
}

Repeated repeat(Context context, const std::string& key, const LedgerEntry& entry) {
  switch (entry.kind) {
    case LedgerKind::hold:
      return repeat_hold(context, key, entry);
    case LedgerKind::hold_release:
      return repeat_release(context, entry);
    case LedgerKind::choice:
      return repeat_choice(context, key, entry);
    case LedgerKind::choice_lift:
      return repeat_lift(context, key, entry);
    case LedgerKind::rectification: {
      Reading reading(context);
      return check_rectification(reading, key, entry);
    }
    case LedgerKind::erasure:
    case LedgerKind::tenant_erasure:
    case LedgerKind::done:
    case LedgerKind::undone:
    case LedgerKind::settled:
      break;
  }
  throw Error(ExitCode::unexpected, "this entry is not repeated");
}

}  // namespace dsar::cmd
