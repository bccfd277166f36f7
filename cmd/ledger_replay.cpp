#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/erase_apply.hpp"
#include "cmd/ledger.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/ledger_repeat.hpp"
#include "cmd/ledger_rows.hpp"
#include "cmd/output.hpp"
#include "core/audit.hpp"
#include "core/crypto/hmac.hpp"
#include "core/pg/migrations.hpp"
#include "core/rfc3339.hpp"
#include "formats/ledger_file.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// What an entry that the database lacks comes to.
struct Replayed {
  LedgerEntry entry;
  bool undecided = false;
  RowsBack there;
  std::string outcome;     ///< one line
  bool open = true;        ///< it stays so
  std::int64_t ended = 0;  ///< by this entry, which is replayed too; 0: it is not
};

class Replay {
 public:
  Replay(const LedgerReplayOptions& options, Context& context)
      : options_(options), context_(context), key_(required_ledger_key(context)) {}

  std::vector<Replayed> plan() {
    Reading reading(context_);
    pg::require_schema(reading.connection);
    const auto gap = ledger_gap(context_, reading.connection);
    entries_ = formats::read_ledger(required_ledger(context_));
    std::vector<Replayed> all;
    for (const auto& entry : gap.lost) add(reading, entry, false, all);
    for (const auto& entry : gap.undecided) add(reading, entry, true, all);
    std::sort(all.begin(), all.end(), [](const Replayed& one, const Replayed& other) {
      return one.entry.number < other.entry.number;
    });
    pair_up(all);
    end_with_erasures(all);
    return all;
  }

  void apply(std::vector<Replayed>& all) {
    // Whether values still stand is asked last: what is erased again has none to put right.
    for (const bool values : {false, true}) {
      for (auto& replayed : all) {
        if ((replayed.entry.kind == LedgerKind::rectification) == values && wanted(replayed) &&
            !waits(replayed, all))
          apply(replayed);
      }
    }
  }

 private:
  /// Whether what ended the entry is still to be done.
  static bool waits(const Replayed& replayed, const std::vector<Replayed>& all) {
    return replayed.entry.kind == LedgerKind::rectification &&
           std::any_of(all.begin(), all.end(), [&](const Replayed& that) {
             return that.entry.number == replayed.ended && that.open;
           });
  }

  void apply(Replayed& replayed) {
    try {
      if (replayed.ended != 0) {
        settle(replayed, replayed.outcome);
      } else if (replayed.entry.kind == LedgerKind::erasure) {
        erase_again(replayed);
      } else if (can_be_repeated(replayed.entry)) {
        const auto done = repeat(context_, key_, replayed.entry);
        replayed.outcome = done.outcome;
        if (done.settled) settle(replayed, done.outcome);
      }
    } catch (const Error& error) {
      replayed.outcome = std::string("failed: ") + error.what();
    }
  }

  void erase_again(Replayed& replayed) {
    std::vector<std::string> erasures;
    look_again(replayed);  // the entry before may have been about the same person
    // Rows that no longer lead to each other are erased one after the other.
    for (std::size_t left = replayed.there.rows.size(); left > 0; --left) {
      erasures.push_back(erase(replayed.entry, replayed.there.rows));
      look_again(replayed);
      if (replayed.there.rows.empty()) break;
    }
    auto note = what_is_there(replayed.there);
    if (!erasures.empty()) note = "erased again as " + join(erasures, ", ");
    if (!replayed.there.rows.empty()) {
      replayed.outcome = note + "; " + what_is_there(replayed.there);
      return;
    }
    settle(replayed, note);
  }

  /// What is there now that no erasure of this run has withheld.
  void look_again(Replayed& replayed) {
    Reading reading(context_);
    replayed.there = rows_back(reading, key_, replayed.entry);
    std::erase_if(replayed.there.rows, [&](const SubjectRow& row) {
      const auto kept = withheld_.find(find_set(reading.map, row.set).table->name);
      return kept != withheld_.end() && kept->second.contains(row.key);
    });
  }

  /// Nothing is left to do of it.
  void settle(Replayed& replayed, const std::string& note) {
    append_about(context_, LedgerKind::settled, replayed.entry.number, note);
    replayed.outcome = note;
    replayed.open = false;
  }

  /// Nobody is asked to do again what nobody knows to have been done.
  [[nodiscard]] bool wanted(const Replayed& replayed) const {
    return !replayed.undecided || included(replayed.entry.number);
  }

  /// What began and ended after the backup is not done again.
  void pair_up(std::vector<Replayed>& all) const {
    std::vector<LedgerEntry> entries;
    for (const auto& one : all) {
      if (wanted(one)) entries.push_back(one.entry);
    }
    for (auto& one : all) {
      const auto* const end = wanted(one) ? ended_by(one.entry, entries) : nullptr;
      if (end == nullptr) continue;
      const auto other = std::find_if(all.begin(), all.end(), [&](const Replayed& that) {
        return that.entry.number == end->number;
      });
      for (auto* of : {&one, &*other}) {
        of->ended = end->number;
        of->outcome = "began and ended, by entry " + std::to_string(end->number) +
                      ", after the backup: not done again";
      }
    }
  }

  /// Nobody puts the data right of a person who was erased since.
  void end_with_erasures(std::vector<Replayed>& all) const {
    for (auto& one : all) {
      if (one.entry.kind != LedgerKind::rectification || !wanted(one)) continue;
      const auto erased = std::find_if(all.begin(), all.end(), [&](const Replayed& that) {
        return that.entry.kind == LedgerKind::erasure && wanted(that) &&
               that.entry.number > one.entry.number &&
               that.entry.tenant_key == one.entry.tenant_key && share_row(one.entry, that.entry);
      });
      if (erased == all.end()) continue;
      one.ended = erased->entry.number;
      one.outcome = "data were put right of a person who was erased since, by entry " +
                    std::to_string(one.ended) + ": not put right again";
    }
  }

  void add(Reading& reading, const LedgerEntry& entry, bool undecided, std::vector<Replayed>& all) {
    if (!options_.since.empty() && parse_rfc3339(entry.at) < parse_rfc3339(options_.since)) return;
    Replayed replayed{entry, undecided, {}, {}, true, 0};
    if (entry.key_id != hmac_key_id(key_))
      throw Error(ExitCode::usage, "entry " + std::to_string(entry.number) +
                                       " of the ledger was made with key " + entry.key_id +
                                       ", and --hash-key is key " + hmac_key_id(key_));
    add_former_identities(replayed.entry, entries_);
    replayed.there = rows_back(reading, key_, replayed.entry);
    replayed.outcome = entry.kind == LedgerKind::erasure
                           ? what_is_there(replayed.there)
                           : plan_to_repeat(reading, entry, replayed.there);
    if (entry.kind == LedgerKind::rectification && can_be_repeated(entry))
      replayed.outcome = check_rectification(reading, key_, entry).outcome;
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
    const auto question = question_of(reading, key_, entry, rows);
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

  const LedgerReplayOptions& options_;
  Context& context_;
  std::string key_;
  std::vector<LedgerEntry> entries_;  ///< all of the ledger
  pg::KnownRows withheld_;            ///< by the erasures of this run
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
  if (options.apply) replay.apply(all);
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
                          {"rows_back", one.there.rows.size()},
                          {"keys_reused", one.there.reused},
                          {"open", one.open},
                          {"outcome", one.outcome}});
        return Json{{"applied", options.apply}, {"entries", std::move(list)}};
      });
  return open == 0 ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
