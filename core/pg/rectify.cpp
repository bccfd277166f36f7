#include "core/pg/rectify.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/pg/naming_write.hpp"
#include "core/pg/recorded_subject.hpp"
#include "core/pg/rectify_work.hpp"
#include "core/pg/subject.hpp"
#include "core/pg/subject_identity.hpp"
#include "core/side_effects.hpp"

namespace dsar::pg {
namespace {

/// Rows that come in with the old value meanwhile are changed too; more rounds than this mean that
/// somebody writes it faster than it is replaced.
constexpr int most_rounds = 3;
/// Shorter ones stand in the midst of too much else.
constexpr std::size_t least_sought = 6;

class Rectifier {
 public:
  Rectifier(Connection& connection, const RectifyQuestion& question)
      : connection_(connection),
        question_(question),
        keys_(question.keys),
        search_(connection, question.map, question.catalogue, keys_, question.tenant_key),
        selections_(select_sets({question.map, question.catalogue, keys_, question.tenant_key})) {}

  Rectification run() {
    for (const auto& selection : selections_)
      result_.cannot_see.insert(result_.cannot_see.end(), selection.cannot_see.begin(),
                                selection.cannot_see.end());
    std::vector<RectifyWork> all;
    for (const auto& correction : question_.corrections)
      all.push_back(work_of(question_, correction, selections_, search_));
    for (const auto& work : all) refuse_others_identity(work);
    for (auto& work : all) carry_out(work);
    for (const auto& work : all) {
      clear_new_history(work);
      look_again(work);
      find_mentions(work);
    }
    put_records_right(all);
    check_deferred(connection_);
    for (const auto& [set, address] : changed_rows_) ++result_.rows[set];
    return std::move(result_);
  }

 private:
  using Address = std::tuple<std::string, std::vector<std::string>, std::string>;

  // ------------------------------------------------------------------ whose identity

  std::vector<SubjectRow> look_up(const std::vector<Identity>& asked) {
    return rows_with(connection_, question_.map, question_.catalogue, question_.tenant_key, asked);
  }

  std::vector<Identity> identities(const RectifyWork& work, const std::string& value, bool weak) {
    return identities_of(connection_, question_.map, work.asked->category, value, weak);
  }

  void refuse_others_identity(const RectifyWork& work) {
    for (const auto& row : look_up(identities(work, work.asked->value, false))) {
      if (has_row(keys_, row)) continue;
      throw Error(ExitCode::refused,
                  "the new value of " + work.asked->category +
                      " is another subject's identity: a row of " + row.set + " has it",
                  "Run dsarctl find with it. If those rows are this subject's too, say so with "
                  "--also.");
    }
  }

  // ------------------------------------------------------------------ replacing

  void carry_out(RectifyWork& work) {
    if (work.empty != nullptr) {
      fill(work);
      return;
    }
    note_what_stays(work);
    std::uint64_t found = 0;
    for (int round = 0;; ++round) {
      const auto changed = replace(work);
      found += changed;
      if (changed == 0) break;
      if (round == most_rounds)
        throw Error(ExitCode::refused, "others write the old value faster than it is replaced",
                    "Nothing was changed. Find out what writes it, then run this again.");
    }
    if (found > 0) return;
    const auto stays =
        std::count_if(result_.values.begin(), result_.values.end(),
                      [](const RectifiedValue& value) { return value.fate != PlaceFate::change; });
    throw Error(ExitCode::usage,
                "the old value of " + work.asked->category + " is in no field of this subject" +
                    (stays > 0 ? " that may be changed" : ""),
                "It is compared whole, as an identity where it is one. dsarctl export shows what "
                "is held.");
  }

  void fill(const RectifyWork& work) {
    const auto& place = *work.empty;
    for (const auto& stored : search_.empty(place))
      write(place, stored.address,
            {place.columns.front(), stored.columns.front(), work.asked->value});
  }

  /// The spellings of the old value that the place holds; none: it does not hold it.
  std::vector<std::string> spellings(RectifyWork& work, const Place& place) {
    auto found = search_.spellings(place, *work.old);
    work.spellings.insert(found.begin(), found.end());
    return found;
  }

  /// What a place inside something larger is told to have held.
  static std::optional<std::string> part_of(const RectifyWork& work, const Place& place,
                                            const std::vector<std::string>& known) {
    if (!place.inside_more()) return std::nullopt;
    return known.size() == 1 ? known.front() : work.old;
  }

  /// Before anything is changed: what the map says stays as it was.
  void note_what_stays(RectifyWork& work) {
    for (const auto& place : work.places) {
      if (place.fate == PlaceFate::change) continue;
      const auto known = spellings(work, place);
      if (known.empty()) continue;
      for (const auto& stored : search_.holding(place, *work.old, known, work.asked->value)) {
        if (place.fate == PlaceFate::historic)
          historic_.insert({place.set.set->name, stored.address, place.column()});
        const auto part = part_of(work, place, known);
        note(place, stored.address, place.fate, part ? part : stored.columns.front(), {});
      }
    }
  }

  /// A value that is found, and what is to stand there.
  struct Find {
    const Place* place;
    std::vector<std::string> address;
    NewText text;
    std::optional<std::string> part;
  };

  /// One pass over all places: how many values were changed. All are found before the first is
  /// changed, because rows may be the subject's by the very value.
  std::uint64_t replace(RectifyWork& work) {
    std::vector<Find> finds;
    for (const auto& place : work.places) {
      if (place.fate == PlaceFate::change) spellings(work, place);
    }
    for (const auto& place : work.places) {
      if (place.fate == PlaceFate::change) find(work, place, finds);
    }
    std::map<std::pair<TableName, std::vector<std::string>>, std::vector<std::string>> moves;
    for (const auto& found : finds) {
      auto& at = moves.try_emplace({found.place->set.table->name, found.address}, found.address)
                     .first->second;
      at = write(*found.place, at, found.text, PlaceFate::change, found.part, work.asked->value);
    }
    return finds.size();
  }

  void find(RectifyWork& work, const Place& place, std::vector<Find>& finds) {
    auto known = spellings(work, place);
    // Of a key that stands twice in a JSON object the server sees the last one only.
    if (place.json) known.assign(work.spellings.begin(), work.spellings.end());
    if (known.empty() || known == std::vector<std::string>{work.asked->value}) return;
    for (auto& stored : search_.holding(place, *work.old, known, work.asked->value)) {
      if (auto text = new_text(place, stored, {known.begin(), known.end()}, work.asked->value,
                               question_.replace_json))
        finds.push_back(
            {&place, std::move(stored.address), std::move(*text), part_of(work, place, known)});
    }
  }

  [[nodiscard]] bool has_key(const Place& place) const {
    const auto& table = live_table(question_.catalogue, place.set.table->name);
    return !row_key(*place.set.table, table).empty();
  }

  /// Gives what addresses the row afterwards.
  std::vector<std::string> write(const Place& place, const std::vector<std::string>& address,
                                 const NewText& text, PlaceFate fate = PlaceFate::change,
                                 const std::optional<std::string>& part_before = {},
                                 const std::optional<std::string>& part_after = {}) {
    refuse_unknown_triggers(*place.set.table);
    const auto statement = rewrite_statement(question_.catalogue, place.set, address, text);
    const auto rows = naming_write(connection_, statement, place.name());
    if (rows.size() != 1)
      throw Error(ExitCode::refused,
                  "a row of " + place.set.set->name + " was changed by somebody else meanwhile",
                  "Nothing was changed. Run it again to see what is there now.");
    auto moved = address;
    for (std::size_t i = 0; i < address.size(); ++i) moved[i] = rows.front()[i].value_or("");
    follow_key(place, address, moved);
    // Of what is a part of something larger the part is told.
    note(place, address, fate, part_before ? part_before : text.before,
         part_before && text.after ? part_after : rows.front().back());
    if (fate == PlaceFate::change)
      result_.written.push_back({place.set.set->name, text.column,
                                 has_key(place) ? moved : std::vector<std::string>(),
                                 rows.front().back().value_or("")});
    changed_rows_.erase({place.set.set->name, address});
    changed_rows_.insert({place.set.set->name, moved});
    return moved;
  }

  /// A value that is part of its row's key: the row is the subject's by its new key.
  void follow_key(const Place& place, const std::vector<std::string>& from,
                  const std::vector<std::string>& to) {
    const auto own = keys_.find(place.set.set->name);
    if (from == to || own == keys_.end()) return;
    std::replace(own->second.begin(), own->second.end(), from, to);
    moved_.push_back({place.set.set->name, from, to});
  }

  void refuse_unknown_triggers(const Table& table) const {
    const auto unknown = unknown_update_triggers(table, question_.catalogue);
    if (unknown.empty()) return;
    throw Error(ExitCode::refused,
                table.name.text() + ": " + unknown.front().message +
                    ", which the map does not know and which may keep the old value",
                unknown.front().hint);
  }

  void note(const Place& place, std::vector<std::string> address, PlaceFate fate,
            std::optional<std::string> before, std::optional<std::string> after) {
    if (!has_key(place)) address.clear();
    result_.values.push_back({place.set.set->name, place.column(), std::move(address), fate,
                              std::move(before), std::move(after)});
  }

  // ------------------------------------------------------------------ afterwards

  /// A trigger may have kept the old value in a history: what was not there before goes.
  void clear_new_history(const RectifyWork& work) {
    if (!work.old) return;
    for (const auto& place : work.places) {
      if (place.fate != PlaceFate::historic || place.columns.size() > 1) continue;
      const auto known = search_.spellings(place, *work.old);
      if (known.empty()) continue;
      const auto part = part_of(work, place, known);
      for (const auto& stored : search_.holding(place, *work.old, known, work.asked->value)) {
        if (historic_.count({place.set.set->name, stored.address, place.column()}) != 0) continue;
        auto text = new_text(place, stored, {known.begin(), known.end()}, work.asked->value,
                             question_.replace_json);
        if (!text) continue;
        const auto& table = place.set.table->name;
        if (!part && !live_column(question_.catalogue, table, place.column()).not_null)
          text->after.reset();
        write(place, stored.address, *text, PlaceFate::cleared, part, work.asked->value);
      }
    }
  }

  /// Whether the old identity still finds a row of the subject.
  void look_again(const RectifyWork& work) {
    if (!work.old || !question_.within.empty()) return;
    const auto old = identities(work, *work.old, true);
    // Another spelling of the same identity.
    if (old == identities(work, work.asked->value, true)) return;
    for (const auto& row : look_up(old)) {
      auto& found = result_.still_found;
      const bool kept =
          std::any_of(historic_.begin(), historic_.end(), [&](const Address& address) {
            return std::get<0>(address) == row.set && std::get<1>(address) == row.key;
          });
      const bool known = std::find(found.begin(), found.end(), row.set) != found.end();
      if (has_row(keys_, row) && !kept && !known) found.push_back(row.set);
    }
  }

  void find_mentions(const RectifyWork& work) {
    if (!work.old) return;
    std::set<std::string> sought;
    for (const auto& text : work.spellings) {
      if (text.size() >= least_sought) sought.insert(text);
    }
    if (sought.empty())
      result_.unsearched.push_back(work.asked->category + ": the old value has fewer than " +
                                   std::to_string(least_sought) + " characters");
    else
      add_mentions(search_.mentions(selections_, work.places, sought, work.asked->value));
  }

  /// Several old values may stand in the same rows.
  void add_mentions(const std::vector<Mention>& mentions) {
    for (const auto& mention : mentions) {
      auto& all = result_.mentions;
      const auto known = std::find_if(all.begin(), all.end(), [&](const Mention& other) {
        return other.set == mention.set && other.column == mention.column;
      });
      if (known == all.end())
        all.push_back(mention);
      else
        known->rows = std::max(known->rows, mention.rows);
    }
  }

  /// Holds and requests find the subject by what they recorded.
  void put_records_right(const std::vector<RectifyWork>& all) {
    for (const auto& work : all) {
      if (!work.old) continue;
      for (const auto& kind : question_.map.identities) {
        if (!falls_under(kind.category, work.asked->category)) continue;
        const auto from =
            normalise_identities(connection_, question_.map, {{kind.name, *work.old}});
        const auto to =
            normalise_identities(connection_, question_.map, {{kind.name, work.asked->value}});
        if (from.empty() || to.empty() || from == to) continue;
        result_.records += rectify_recorded_identity(
            connection_, question_.tenant_key, question_.keys, from.front(), to.front().value);
      }
    }
    for (const auto& [set, from, to] : moved_)
      result_.records += follow_recorded_key(connection_, question_.tenant_key, set, from, to);
  }

  struct Moved {
    std::string set;
    std::vector<std::string> from;
    std::vector<std::string> to;
  };

  Connection& connection_;
  const RectifyQuestion& question_;
  SubjectKeys keys_;
  ValueSearch search_;
  std::vector<SetSelection> selections_;
  Rectification result_;
  std::set<Address> historic_;  ///< set, row, column: there before anything was changed
  std::set<std::pair<std::string, std::vector<std::string>>> changed_rows_;
  std::vector<Moved> moved_;
};

}  // namespace

Rectification rectify(Connection& connection, const RectifyQuestion& question) {
  return Rectifier(connection, question).run();
}

}  // namespace dsar::pg
