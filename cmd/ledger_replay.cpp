#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/erase_apply.hpp"
#include "cmd/ledger.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/output.hpp"
#include "core/audit.hpp"
#include "core/crypto/hmac.hpp"
#include "core/pg/migrations.hpp"
#include "core/rfc3339.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// What an entry that the database lacks comes to.
struct Replayed {
  LedgerEntry entry;
  bool undecided = false;
  std::vector<SubjectRow> back;  ///< rows that are there again, of the same person
  std::size_t reused = 0;        ///< keys that are somebody else's now
  std::string outcome;           ///< one line
  bool open = true;              ///< it stays so
};

std::vector<std::string> hashes_of(const std::string& key, const SubjectRow& row) {
  std::vector<std::string> hashes;
  for (const auto& held : row.identities)
    hashes.push_back(subject_hash(key, held.kind, held.value));
  return hashes;
}

bool share_one(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::any_of(some.begin(), some.end(), [&](const std::string& one) {
    return std::find(others.begin(), others.end(), one) != others.end();
  });
}

/// Looks for the entry's rows by their keys, and whether they are the same person's: a key may have
/// been given to somebody else.
void look_for_rows(Reading& reading, const std::string& key, Replayed& replayed) {
  for (const auto& root : record_sets(reading.map)) {
    std::vector<const LedgerRow*> wanted;
    for (const auto& row : replayed.entry.rows) {
      if (row.set == root.set->name) wanted.push_back(&row);
    }
    if (wanted.empty()) continue;
    const auto named = [&](const std::vector<std::string>& row_key) {
      const auto hash = ledger_key_hash(key, root.set->name, row_key);
      return std::find_if(wanted.begin(), wanted.end(),
                          [&](const LedgerRow* row) { return row->key == hash; });
    };
    auto rows = pg::rows_of_keys(
        reading.connection, reading.map, reading.catalogue, root, replayed.entry.tenant_key,
        [&](const std::vector<std::string>& row_key) { return named(row_key) != wanted.end(); });
    for (auto& row : rows) {
      const auto known = named(row.key);
      if ((*known)->identities.empty() || share_one(hashes_of(key, row), (*known)->identities)) {
        replayed.back.push_back(std::move(row));
      } else {
        ++replayed.reused;
      }
    }
  }
}

std::string by_hand(const LedgerEntry& entry) {
  const auto then =
      ": repeat it by hand, then 'dsarctl ledger settle " + std::to_string(entry.number) + "'";
  if (entry.kind == LedgerKind::hold) return "hold " + entry.id + " was placed" + then;
  if (entry.kind == LedgerKind::hold_release) return "hold " + entry.id + " was released" + then;
  if (entry.kind == LedgerKind::choice) return "choice " + entry.id + " was recorded" + then;
  if (entry.kind == LedgerKind::choice_lift) return "choice " + entry.id + " was lifted" + then;
  return "data were put right" + then;
}

std::string what_is_there(const Replayed& replayed) {
  std::string text = std::to_string(replayed.back.size()) + " rows of the person are back";
  if (replayed.back.empty()) text = "nothing of the person is back";
  if (replayed.reused > 0)
    text +=
        "; " + std::to_string(replayed.reused) + " keys are somebody else's now and are left alone";
  return text;
}

class Replay {
 public:
  Replay(const LedgerReplayOptions& options, Context& context)
      : options_(options), context_(context), key_(required_ledger_key(context)) {}

  std::vector<Replayed> plan() {
    Reading reading(context_);
    pg::require_schema(reading.connection);
    const auto gap = ledger_gap(context_, reading.connection);
    std::vector<Replayed> all;
    for (const auto& entry : gap.lost) add(reading, entry, false, all);
    for (const auto& entry : gap.undecided) add(reading, entry, true, all);
    std::sort(all.begin(), all.end(), [](const Replayed& one, const Replayed& other) {
      return one.entry.number < other.entry.number;
    });
    return all;
  }

  void apply(Replayed& replayed) {
    if (replayed.entry.kind != LedgerKind::erasure) return;
    if (replayed.undecided && !included(replayed.entry.number)) return;
    try {
      std::vector<std::string> erasures;
      // Rows that no longer lead to each other are erased one after the other.
      for (std::size_t left = replayed.back.size(); left > 0; --left) {
        erasures.push_back(erase(replayed.entry, replayed.back));
        replayed.back.clear();
        Reading reading(context_);
        look_for_rows(reading, key_, replayed);
        // What was withheld stays where it is.
        std::erase_if(replayed.back, [&](const SubjectRow& row) {
          const auto kept = withheld_.find(find_set(reading.map, row.set).table->name);
          return kept != withheld_.end() && kept->second.contains(row.key);
        });
        if (replayed.back.empty()) break;
      }
      auto note = what_is_there(replayed);
      if (!erasures.empty()) note = "erased again as " + join(erasures, ", ");
      if (!replayed.back.empty()) {
        replayed.outcome = note + "; " + what_is_there(replayed);
        return;
      }
      append_about(context_, LedgerKind::settled, replayed.entry.number, note);
      replayed.outcome = note;
      replayed.open = false;
    } catch (const Error& error) {
      replayed.outcome = std::string("failed: ") + error.what();
    }
  }

 private:
  void add(Reading& reading, const LedgerEntry& entry, bool undecided, std::vector<Replayed>& all) {
    if (!options_.since.empty() && parse_rfc3339(entry.at) < parse_rfc3339(options_.since)) return;
    Replayed replayed{entry, undecided, {}, 0, {}, true};
    if (entry.key_id != hmac_key_id(key_))
      throw Error(ExitCode::usage, "entry " + std::to_string(entry.number) +
                                       " of the ledger was made with key " + entry.key_id +
                                       ", and --hash-key is key " + hmac_key_id(key_));
    if (entry.kind == LedgerKind::erasure) {
      look_for_rows(reading, key_, replayed);
      replayed.outcome = what_is_there(replayed);
    } else {
      replayed.outcome = by_hand(entry);
    }
    if (undecided)
      replayed.outcome = "nobody knows whether it was done (--include " +
                         std::to_string(entry.number) + " does it): " + replayed.outcome;
    all.push_back(std::move(replayed));
  }

  [[nodiscard]] bool included(std::int64_t number) const {
    return std::find(options_.include.begin(), options_.include.end(), number) !=
           options_.include.end();
  }

  /// Erases who the rows are, by what they share with the entry. Gives the erasure's number.
  std::string erase(const LedgerEntry& entry, const std::vector<SubjectRow>& rows) {
    auto context = context_;
    Reading reading(context);
    SubjectQuestion question;
    question.kind = rows.front().subject;
    // A number that a household shares is asked for only where there is nothing better.
    for (const auto strength : {Strength::strong, Strength::weak, Strength::record}) {
      for (const auto& row : rows) add_known(reading, entry, row, strength, question);
      if (!question.asked.empty()) break;
    }
    if (question.asked.empty())
      throw Error(ExitCode::refused, "a row that is back has no identity to ask for");
    EraseOptions options;
    options.apply = true;
    options.replays = true;
    options.signing_key = options_.signing_key;
    if (reading.map.tenants)
      context.globals.tenant =
          pg::tenant_of_key(reading.connection, reading.map, entry.tenant_key).slug;
    EraseApply apply(options, context, reading);
    auto found = find_subject(reading, context, question);
    require_one(found);
    auto id = apply.run(std::move(found), question, std::nullopt).id;
    for (const auto& [table, keys] : apply.still_there())
      withheld_[table].insert(keys.begin(), keys.end());
    return id;
  }

  /// The row's identities of that strength which the entry knows; a row's own number, which the
  /// ledger does not name, goes with its key.
  void add_known(const Reading& reading, const LedgerEntry& entry, const SubjectRow& row,
                 Strength strength, SubjectQuestion& question) const {
    for (const auto& held : row.identities) {
      if (find_identity(reading.map, held.kind)->strength != strength) continue;
      const auto hash = subject_hash(key_, held.kind, held.value);
      const bool known =
          std::any_of(entry.rows.begin(), entry.rows.end(), [&](const LedgerRow& of) {
            return std::find(of.identities.begin(), of.identities.end(), hash) !=
                   of.identities.end();
          });
      const Identity identity{held.kind, held.value};
      const bool asked =
          std::find(question.asked.begin(), question.asked.end(), identity) != question.asked.end();
      if ((known || strength == Strength::record) && !asked) question.asked.push_back(identity);
    }
  }

  const LedgerReplayOptions& options_;
  Context& context_;
  std::string key_;
  pg::KnownRows withheld_;  ///< by the erasures of this run
};

}  // namespace

ExitCode run_ledger_replay(const LedgerReplayOptions& options, Context& context) {
  if (options.apply && options.signing_key.empty())
    throw Error(ExitCode::usage, "--apply needs --signing-key, which signs the certificates");
  if (!options.since.empty() && !parse_rfc3339(options.since))
    throw Error(ExitCode::usage, "--since is no time: " + options.since,
                "Write it like 2026-12-31T12:00:00Z.");
  required_ledger(context);
  Replay replay(options, context);
  auto all = replay.plan();
  auto note = note_of(context, "ledger replay");
  note.facts = {{"stage", options.apply ? "begun" : "plan"},
                {"entries", std::to_string(all.size())}};
  put_on_record(context, note);
  if (options.apply) {
    for (auto& replayed : all) replay.apply(replayed);
  }
  const auto open =
      std::count_if(all.begin(), all.end(), [](const Replayed& replayed) { return replayed.open; });
  emit(
      context,
      [&] {
        if (all.empty()) return std::string("The database has all that the ledger has.\n");
        formats::TextTable table(
            {{"entry", formats::Align::right}, {"at"}, {"kind"}, {"tenant"}, {"what"}});
        for (const auto& one : all)
          table.add({std::to_string(one.entry.number), one.entry.at,
                     std::string(to_string(one.entry.kind)), one.entry.tenant_key, one.outcome});
        auto text = table.text();
        if (!options.apply) text += "\nnothing was changed: give --apply\n";
        return text;
      },
      [&] {
        auto list = Json::array();
        for (const auto& one : all)
          list.push_back({{"entry", one.entry.number},
                          {"at", one.entry.at},
                          {"kind", to_string(one.entry.kind)},
                          {"undecided", one.undecided},
                          {"rows_back", one.back.size()},
                          {"keys_reused", one.reused},
                          {"open", one.open},
                          {"outcome", one.outcome}});
        return Json{{"applied", options.apply}, {"entries", std::move(list)}};
      });
  return open == 0 ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
