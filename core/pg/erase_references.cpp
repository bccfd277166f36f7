#include "core/pg/erase_references.hpp"

#include <algorithm>
#include <set>

#include "core/mask_sql.hpp"

namespace dsar::pg {
namespace {

/// Whether masking a row of the set ends its reference.
bool lets_go(const Catalogue& catalogue, const SetRef& set, const std::vector<ColumnPair>& match) {
  for (const auto& pair : match) {
    if (set.set->erase.repoint.count(pair.near) > 0) return true;
  }
  for (const auto& masked : masked_columns(catalogue, set, mask_scope(set))) {
    if (masked.mask.kind != MaskKind::null) continue;
    for (const auto& pair : match) {
      if (pair.near == masked.column.name) return true;
    }
  }
  return false;
}

/// What stands in the way of other rows' going.
Obstacle obstacle_of(const Catalogue& catalogue, const ErasureRows& rows, std::size_t row,
                     const std::vector<ColumnPair>& match) {
  switch (rows.fate[row]) {
    case RowFate::remove:
      return Obstacle::none;
    case RowFate::mask:
    case RowFate::repoint:
      return lets_go(catalogue, rows.set, match) ? Obstacle::none : Obstacle::stays;
    case RowFate::keep:
      break;
  }
  const auto cause = rows.ground_of(row).cause;
  return cause == Cause::hold || cause == Cause::request ? Obstacle::held : Obstacle::stays;
}

void stay(const Catalogue& catalogue, ErasureRows& rows, std::size_t row, const Referring& by,
          Obstacle obstacle, ErasureDecision& decision) {
  const auto table = by.table.text();
  if (obstacle == Obstacle::uncovered)
    add_once(decision.refused, "rows of " + table + " refer to rows of " + rows.set.set->name +
                                   ", and no record set of the map has them");
  if (by.shares && obstacle == Obstacle::others) {
    rows.decide(row, RowFate::keep, {Cause::shared, table, "", {}});
    return;
  }
  const bool masks = !by.shares && obstacle != Obstacle::held && !rows.masked[row] &&
                     can_be_masked(catalogue, rows.set);
  rows.decide(row, masks ? RowFate::mask : RowFate::keep, {Cause::referenced, table, "", {}});
}

/// From how many rows on it pays to leave them to the key: if it refuses, all is done once more.
constexpr std::size_t many = 1000;

bool is_left_to_key(const Referring& by, const std::vector<ReferringRows>& own) {
  return !by.shares && !by.cascades &&
         std::all_of(own.begin(), own.end(), [](const ReferringRows& one) {
           return std::all_of(one.obstacles.begin(), one.obstacles.end(),
                              [](Obstacle obstacle) { return obstacle == Obstacle::none; });
         });
}

/// The rows that a look at who refers to them can still change: those that go, and shared ones that
/// somebody else needs, which are withheld if a row of the subject's own that stays does so too.
std::vector<std::size_t> undecided(const ErasureRows& rows, const Referring& by) {
  auto found = rows.with(RowFate::remove);
  if (!by.shares) return found;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.fate[row] == RowFate::keep && rows.ground_of(row).cause == Cause::shared)
      found.push_back(row);
  }
  return found;
}

/// One round: rows that cannot go because rows of the tables `changed` (all, at first) stay. The
/// tables of which rows stay now.
std::set<TableName> keep_referred_once(Connection& connection, const DataMap& map,
                                       const Catalogue& catalogue,
                                       const std::optional<std::set<TableName>>& changed,
                                       bool trust_keys, ErasureDecision& decision) {
  std::set<TableName> stays;
  for (auto& rows : decision.sets) {
    for (const auto& by : referring(map, catalogue, rows.set)) {
      if (changed && changed->count(by.table) == 0) continue;
      const auto* mapped = find_table(map, by.table);
      if (by.cascades && mapped != nullptr && mapped->not_personal) continue;
      const auto going = undecided(rows, by);
      if (going.empty()) continue;
      if (!sees(catalogue, by, rows.set, decision)) continue;
      const auto own = own_rows(catalogue, decision, by);
      if (trust_keys && going.size() >= many && is_left_to_key(by, own)) continue;
      const auto statement = referred_statement(map, by, rows, going, own);
      const auto result = connection.exec(statement.text, statement.params());
      for (std::size_t r = 0; r < result->rows(); ++r) {
        const auto row = going.at(std::stoull(result->text(r, 0)) - 1);
        const auto obstacle = static_cast<Obstacle>(std::stoi(result->text(r, 1)));
        if (rows.fate[row] == RowFate::remove) stays.insert(rows.set.table->name);
        stay(catalogue, rows, row, by, obstacle, decision);
      }
    }
  }
  return stays;
}

}  // namespace

void keep_referred(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                   bool trust_keys, ErasureDecision& decision) {
  std::optional<std::set<TableName>> changed;
  do {
    changed = keep_referred_once(connection, map, catalogue, changed, trust_keys, decision);
  } while (!changed->empty());
}

std::vector<ReferringRows> own_rows(const Catalogue& catalogue, const ErasureDecision& decision,
                                    const Referring& by) {
  std::vector<ReferringRows> own;
  for (const auto& rows : decision.sets) {
    if (rows.set.table->name != by.table || rows.size() == 0) continue;
    ReferringRows one{&rows, {}};
    for (std::size_t i = 0; i < rows.size(); ++i)
      one.obstacles.push_back(obstacle_of(catalogue, rows, i, by.match));
    own.push_back(std::move(one));
  }
  return own;
}

bool sees(const Catalogue& catalogue, const Referring& by, const SetRef& set,
          ErasureDecision& decision) {
  const auto* table = find_table(catalogue, by.table);
  const bool readable = table != nullptr && !table->row_security &&
                        std::all_of(by.match.begin(), by.match.end(), [&](const ColumnPair& pair) {
                          const auto* column = find_column(*table, pair.near);
                          return column != nullptr && column->readable;
                        });
  if (!readable)
    add_once(decision.cannot_see,
             by.table.text() + ": whether rows of it refer to rows of " + set.set->name);
  return readable;
}

void add_once(std::vector<std::string>& lines, const std::string& line) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
}

}  // namespace dsar::pg
