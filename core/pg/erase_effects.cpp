#include "core/pg/erase_effects.hpp"

#include <algorithm>

#include "core/pg/erase_references.hpp"
#include "core/side_effects.hpp"

namespace dsar::pg {
namespace {

void add_effect(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                const ErasureRows& rows, const std::vector<std::size_t>& going,
                const Referrer& referrer, ErasureDecision& decision) {
  const auto* mapped = find_table(map, referrer.table->name);
  const bool cascades = referrer.key->on_delete == 'c' && mapped != nullptr && mapped->not_personal;
  const bool blocks = referrer.fate == Referrer::Fate::blocks;
  if (blocks && !cascades) return;
  Referring by{referrer.table->name, {}, false, false};
  for (std::size_t i = 0; i < referrer.key->columns.size(); ++i) {
    by.match.push_back({referrer.key->columns[i], referrer.key->target_columns[i]});
    const auto same = [&](const ReadColumn& known) {
      return known.name == referrer.key->target_columns[i];
    };
    if (std::none_of(rows.columns.begin(), rows.columns.end(), same)) return;
  }
  if (!sees(catalogue, by, rows.set, decision)) return;
  const auto statement =
      referred_statement(map, by, rows, going, own_rows(catalogue, decision, by));
  const auto result = connection.exec(statement.text, statement.params());
  std::uint64_t count = 0;
  for (std::size_t r = 0; r < result->rows(); ++r) count += std::stoull(result->text(r, 2));
  if (count == 0) return;
  const auto columns = join(referrer.key->columns, ", ");
  const auto number = std::to_string(count) + (count == 1 ? " row" : " rows");
  const auto kind = cascades                                     ? "cascade"
                    : referrer.fate == Referrer::Fate::repointed ? "re-point"
                                                                 : "nullify";
  const auto what = cascades ? number + " go along" : number + " lose " + columns;
  const ErasureEffect effect{
      kind, referrer.table->name.text(),
      referrer.fate == Referrer::Fate::repointed ? number + " get another " + columns : what};
  decision.effects.push_back(effect);
}

void add_triggers(const Catalogue& catalogue, const ErasureRows& rows, bool deletes, bool updates,
                  ErasureDecision& decision) {
  const auto& table = live_table(catalogue, rows.set.table->name);
  for (const auto& trigger : table.triggers) {
    if (!(deletes && trigger.on_delete) && !(updates && trigger.on_update)) continue;
    const auto known = rows.set.table->known_triggers.find(trigger.name);
    const auto what = known == rows.set.table->known_triggers.end()
                          ? "which the map does not describe"
                          : known->second;
    const ErasureEffect effect{"trigger", table.name.text(), trigger.name + ": " + what};
    const auto same = [&](const ErasureEffect& one) {
      return one.table == effect.table && one.what == effect.what;
    };
    if (std::none_of(decision.effects.begin(), decision.effects.end(), same))
      decision.effects.push_back(effect);
  }
}

void add_effects_of(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                    const ErasureRows& rows, ErasureDecision& decision) {
  const auto going = rows.with(RowFate::remove);
  const bool changes = !rows.with(RowFate::mask).empty() || !rows.with(RowFate::repoint).empty();
  add_triggers(catalogue, rows, !going.empty(), changes, decision);
  if (going.empty()) return;
  for (const auto& unknown : unknown_side_effects(*rows.set.table, catalogue))
    add_once(decision.refused, rows.set.table->name.text() + ": " + unknown.message);
  for (const auto& referrer : referrers(map, catalogue, rows.set))
    add_effect(connection, map, catalogue, rows, going, referrer, decision);
}

}  // namespace

void add_effects(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                 ErasureDecision& decision) {
  for (const auto& rows : decision.sets) add_effects_of(connection, map, catalogue, rows, decision);
}

}  // namespace dsar::pg
