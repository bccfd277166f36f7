#include "core/pg/erase_plan.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "core/map/own_schema.hpp"
#include "core/pg/clock_value.hpp"
#include "core/pg/erase_effects.hpp"
#include "core/pg/erase_references.hpp"

namespace dsar::pg {
namespace {

using Addresses = std::unordered_set<std::string>;

void add_part(std::string& address, const std::string& part) {
  address += std::to_string(part.size()) + ':' + part;
}

std::string address_of(const ErasureRows& rows, std::size_t row) {
  std::string address;
  for (std::size_t c = 0; c < rows.address; ++c)
    add_part(address, rows.values[c][row].value_or(std::string()));
  return address;
}

class Decider {
 public:
  Decider(Connection& connection, const ErasureQuestion& question,
          const std::vector<ErasureDecision>& earlier)
      : connection_(connection), question_(question), earlier_(earlier) {}

  ErasureDecision run() {
    for (const auto& selection : question_.selections) read(selection);
    for (auto& rows : decision_.sets) name_holders(rows);
    keep_referred(connection_, map(), catalogue(), question_.trust_keys, decision_);
    for (auto& rows : decision_.sets) date_grounds(rows);
    add_effects(connection_, map(), catalogue(), decision_);
    return std::move(decision_);
  }

 private:
  [[nodiscard]] const DataMap& map() const { return question_.reach.map; }
  [[nodiscard]] const Catalogue& catalogue() const { return question_.reach.catalogue; }

  [[nodiscard]] const SetSchedule* schedule_of(const SetRef& set) const {
    for (const auto& one : question_.world.schedule) {
      if (one.set.set->name == set.set->name) return &one;
    }
    return nullptr;
  }

  void read(const SetSelection& selection) {
    for (const auto& omission : selection.cannot_see)
      decision_.cannot_see.push_back(omission.what + ": " + omission.reason);
    const auto& set = selection.set;
    const bool named = question_.also != nullptr && question_.also->count(set.set->name) > 0;
    if (selection.paths.empty() && !named) return;
    auto rows = empty_rows(map(), catalogue(), set);
    const auto* schedule = schedule_of(set);
    const auto& erase = set.set->erase;
    // Unlocked, a row could become somebody else's between the decision and the deed.
    const bool lock = question_.lock && (erase.action != EraseAction::keep || erase.mask_kept);
    auto known = known_rows(set);
    // The ways give no row twice; only what came earlier has to be told apart.
    auto* const told = known.empty() ? nullptr : &known;
    for (std::size_t i = 0; i < selection.paths.size(); ++i) {
      if (is_gone(selection.paths[i].root.set->name)) continue;
      const auto statement = reached_statement(question_.reach, question_.world, schedule,
                                               selection, i, rows, lock, question_.only);
      append(connection_.exec(statement.text, statement.params()), selection.paths[i].relation,
             rows, told);
    }
    if (named) add_named(rows, schedule, known, lock);
    add_arrivals(rows, schedule, known, lock);
    if (rows.size() > 0 && live_table(catalogue(), set.table->name).kind == 'f')
      decision_.refused.push_back("rows of " + set.set->name + " are in a foreign table");
    decision_.sets.push_back(std::move(rows));
    if (question_.most > 0 && decision_.acts_on() > question_.most)
      throw TooManyRows(ExitCode::refused, "more rows than go in one transaction");
  }

  void add_named(ErasureRows& rows, const SetSchedule* schedule, Addresses& known, bool lock) {
    for (std::size_t i = 0; i < rows.size(); ++i) known.insert(address_of(rows, i));
    const auto statement =
        named_statement(question_.reach, question_.world, schedule, *question_.also, rows, lock);
    append(connection_.exec(statement.text, statement.params()), rows.set.set->relation, rows,
           &known);
  }

  /// Whether all rows of the root set that are the subject have been deleted earlier: no way leads
  /// from them any more.
  [[nodiscard]] bool is_gone(const std::string& root) const {
    const auto keys = question_.reach.keys.find(root);
    if (earlier_.empty() || keys == question_.reach.keys.end()) return false;
    Addresses gone;
    for (const auto& decision : earlier_) {
      for (const auto& rows : decision.sets) {
        if (rows.set.set->name != root) continue;
        for (const auto row : rows.with(RowFate::remove)) gone.insert(address_of(rows, row));
      }
    }
    return std::all_of(keys->second.begin(), keys->second.end(),
                       [&](const std::vector<std::string>& key) {
                         std::string address;
                         for (const auto& part : key) add_part(address, part);
                         return gone.count(address) > 0;
                       });
  }

  [[nodiscard]] Addresses known_rows(const SetRef& set) const {
    Addresses known;
    for (const auto& decision : earlier_) {
      for (const auto& rows : decision.sets) {
        if (rows.set.set->name != set.set->name) continue;
        for (std::size_t i = 0; i < rows.size(); ++i) {
          // Where a row without a key lay another may lie by now.
          if (is_keyed(rows) || rows.fate[i] == RowFate::keep) known.insert(address_of(rows, i));
        }
      }
    }
    return known;
  }

  /// Rows that hang on rows that have gone.
  void add_arrivals(ErasureRows& rows, const SetSchedule* schedule, Addresses& known, bool lock) {
    if (earlier_.empty()) return;
    for (std::size_t i = 0; i < rows.size(); ++i) known.insert(address_of(rows, i));
    for (const auto& decision : earlier_) {
      for (const auto& parents : decision.sets) add_arrivals(parents, rows, schedule, known, lock);
    }
  }

  void add_arrivals(const ErasureRows& parents, ErasureRows& rows, const SetSchedule* schedule,
                    Addresses& known, bool lock) {
    for (const auto& step : loose_links(map(), catalogue(), parents.set)) {
      if (step.from.set->name != rows.set.set->name) continue;
      auto gone = parents.with(RowFate::remove);
      std::erase_if(gone,
                    [&](std::size_t row) { return !follows(*step.link, parents.relation[row]); });
      if (gone.empty()) continue;
      const auto statement = arrivals_statement(question_.reach, question_.world, schedule, step,
                                                parents, gone, rows, lock);
      append(connection_.exec(statement.text, statement.params()),
             step.link->relation.value_or(rows.set.set->relation), rows, &known);
    }
  }

  /// Rows of `known` addresses are left out.
  void append(const std::unique_ptr<Result>& result, Relation relation, ErasureRows& rows,
              Addresses* known) {
    const auto count = rows.columns.size();
    for (std::size_t r = 0; r < result->rows(); ++r) {
      if (known != nullptr) {
        std::string address;
        for (std::size_t c = 0; c < rows.address; ++c) add_part(address, result->text(r, c));
        if (!known->insert(std::move(address)).second) continue;
      }
      for (std::size_t c = 0; c < count; ++c) {
        const auto value = result->at(r, c);
        rows.values[c].push_back(value ? std::optional(std::string(*value)) : std::nullopt);
      }
      rows.relation.push_back(relation);
      rows.masked.push_back(result->at(r, count + 2) == "t");
      rows.fate.push_back(RowFate::keep);
      rows.ground.push_back(0);
      decide(rows, rows.size() - 1, result->at(r, count) == "t", result->at(r, count + 1) == "t");
    }
  }

  void decide(ErasureRows& rows, std::size_t row, bool held, bool by_law) const {
    const auto& erase = rows.set.set->erase;
    if (is_own(rows.set.table->name)) {
      rows.decide(row, RowFate::keep, {Cause::own_record, erase.ground, erase.citation, {}});
    } else if (held) {
      rows.decide(row, RowFate::keep, {Cause::hold, "", "", {}});
    } else if (erase.action == EraseAction::keep) {
      const bool masks = erase.mask_kept && !rows.masked[row];
      rows.decide(row, masks ? RowFate::mask : RowFate::keep,
                  {Cause::law, erase.ground, erase.citation, {}});
    } else if (by_law) {
      rows.decide(row, RowFate::keep, law_of(rows.set));
    } else if (erase.action == EraseAction::remove) {
      rows.decide(row, RowFate::remove, {});
    } else if (rows.masked[row]) {
      rows.decide(row, RowFate::keep, {Cause::masked, "", "", {}});
    } else {
      rows.decide(row, erase.action == EraseAction::mask ? RowFate::mask : RowFate::repoint, {});
    }
  }

  [[nodiscard]] Ground law_of(const SetRef& set) const {
    const auto* schedule = schedule_of(set);
    const auto* rule = schedule == nullptr     ? nullptr
                       : schedule->kept_always ? schedule->kept_always
                       : schedule->kept_by_law ? schedule->kept_by_law->rule
                                               : nullptr;
    if (rule != nullptr)
      return {Cause::law, "rule " + rule->rule->id, to_text(rule->rule->citation), {}};
    return {Cause::law, "recorded in the row or the one it belongs to", "", {}};
  }

  /// By which hold, request or restriction each held row is kept.
  void name_holders(ErasureRows& rows) {
    const Ground held{Cause::hold, "", "", {}};
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows.ground_of(i) == held) left.push_back(i);
    }
    for (const auto& one : one_by_one()) {
      if (left.empty()) return;
      const auto statement = held_statement(map(), catalogue(), one.second, rows, left);
      const auto result = connection_.exec(statement.text, statement.params());
      std::set<std::size_t> named;
      for (std::size_t r = 0; r < result->rows(); ++r) {
        const auto row = left.at(std::stoull(result->text(r, 0)) - 1);
        rows.decide(row, RowFate::keep, holder(one.first));
        named.insert(row);
      }
      std::erase_if(left, [&](std::size_t row) { return named.count(row) > 0; });
    }
    // Several together may hold what none holds alone: nothing is known to, but it stays held.
    for (const auto row : left) rows.decide(row, RowFate::keep, {Cause::hold, "a hold", "", {}});
  }

  [[nodiscard]] std::vector<std::pair<std::string, Held>> one_by_one() const {
    std::vector<std::pair<std::string, Held>> all;
    const auto& held = question_.world.held;
    const auto add = [&](const std::string& by, auto member, const auto& value) {
      Held one;
      one.epoch = held.epoch;
      (one.*member).push_back(value);
      all.emplace_back(by, std::move(one));
    };
    for (const auto& tenant : held.tenants) add(tenant.by, &Held::tenants, tenant);
    for (const auto& set : held.sets) add(set.by, &Held::sets, set);
    for (const auto& subject : held.subjects) add(subject.by, &Held::subjects, subject);
    return all;
  }

  [[nodiscard]] Ground holder(const std::string& by) const {
    for (const auto& hold : question_.holds) {
      if (by == "hold " + std::to_string(hold.id))
        return {Cause::hold, by, "", hold.placed.review_on};
    }
    return {by.starts_with("request") ? Cause::request : Cause::hold, by, "", {}};
  }

  /// Until when the law keeps rows, where the policy counts a period from their clock.
  void date_grounds(ErasureRows& rows) {
    const auto* schedule = schedule_of(rows.set);
    if (schedule == nullptr || schedule->kept_always != nullptr) return;
    const auto* rule = schedule->kept_by_law ? schedule->kept_by_law->rule
                       : schedule->by_clock  ? schedule->by_clock->rule
                                             : nullptr;
    if (rule == nullptr) return;
    for (std::uint32_t g = 0; g < rows.grounds.size(); ++g) {
      if (rows.grounds[g].cause != Cause::law) continue;
      std::vector<std::size_t> chosen;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.ground[i] == g) chosen.push_back(i);
      }
      if (chosen.empty()) continue;
      const auto& zone = schedule->tenant->zone;
      const auto statement = latest_clock_statement(question_.world, rows, chosen, zone);
      if (!statement) continue;
      const auto result = connection_.exec(statement->text, statement->params());
      const auto text = result->at(0, 0);
      if (!text) continue;
      const auto due =
          due_from(read_clock_value(std::string(*text), rows.set.set->name), rule->period, zone);
      if (due) rows.grounds[g].until = zone.date_of(*due);
    }
  }

  Connection& connection_;
  const ErasureQuestion& question_;
  const std::vector<ErasureDecision>& earlier_;
  ErasureDecision decision_;
};

}  // namespace

std::uint64_t ErasureDecision::acts_on() const {
  std::uint64_t rows = 0;
  for (const auto& set : sets) {
    rows += static_cast<std::uint64_t>(std::count_if(
        set.fate.begin(), set.fate.end(), [](RowFate fate) { return fate != RowFate::keep; }));
  }
  return rows;
}

ErasureDecision decide_erasure(Connection& connection, const ErasureQuestion& question,
                               const std::vector<ErasureDecision>& earlier) {
  return Decider(connection, question, earlier).run();
}

}  // namespace dsar::pg
