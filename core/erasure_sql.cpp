#include "core/erasure_sql.hpp"

#include <algorithm>
#include <numeric>

#include "core/error.hpp"
#include "core/mask_sql.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

constexpr const char* row = "t0";
/// Beside a row's own columns none may be called like this one's.
constexpr const char* key = "dsar_k";

std::vector<std::size_t> first_columns(std::size_t count) {
  std::vector<std::size_t> columns(count);
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  return columns;
}

void add_column(ErasureRows& rows, const CatalogueTable& table, const std::string& name) {
  const auto same = [&](const ReadColumn& known) { return known.name == name; };
  if (std::any_of(rows.columns.begin(), rows.columns.end(), same)) return;
  if (const auto* column = find_column(table, name)) rows.columns.push_back({name, column->type});
}

std::vector<ColumnPair> pairs_of(const CatalogueForeignKey& foreign) {
  std::vector<ColumnPair> pairs;
  for (std::size_t i = 0; i < foreign.columns.size(); ++i)
    pairs.push_back({foreign.columns[i], foreign.target_columns.at(i)});
  return pairs;
}

bool same_pairs(std::vector<ColumnPair> one, std::vector<ColumnPair> other) {
  const auto less = [](const ColumnPair& a, const ColumnPair& b) {
    return std::tie(a.near, a.far) < std::tie(b.near, b.far);
  };
  std::sort(one.begin(), one.end(), less);
  std::sort(other.begin(), other.end(), less);
  return one == other;
}

bool enforced(const Catalogue& catalogue, const SetRef& child, const Link& link,
              const SetRef& parent) {
  if (!link.via.empty() || link.on) return false;
  const auto* table = find_table(catalogue, child.table->name);
  return table != nullptr && std::any_of(table->foreign_keys.begin(), table->foreign_keys.end(),
                                         [&](const CatalogueForeignKey& foreign) {
                                           return foreign.target == parent.table->name &&
                                                  same_pairs(pairs_of(foreign), link.match);
                                         });
}

/// The columns of the row that a link leads to which the link names.
std::vector<std::string> linked_columns(const Catalogue& catalogue, const Link& link,
                                        const SetRef& parent) {
  std::vector<std::string> names;
  for (const auto& pair : link.match) names.push_back(pair.far);
  if (!link.on) return names;
  const auto& table = live_table(catalogue, parent.table->name);
  for (const auto& name : referenced_names(link.on->text)) {
    if (name.alias == "that" && find_column(table, name.name) != nullptr)
      names.push_back(name.name);
  }
  return names;
}

/// Whether the link names the whole key of the row it leads to, which is no other tenant's then.
bool leads_to_key(const Catalogue& catalogue, const ReachStep& step) {
  const auto columns = row_key(*step.to.table, live_table(catalogue, step.to.table->name));
  const auto& match = step.link->match;
  return !columns.empty() &&
         std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return std::any_of(match.begin(), match.end(),
                              [&](const ColumnPair& pair) { return pair.far == column; });
         });
}

/// The columns of the result: those of `rows`, then held, by law, masked.
Parts result_columns(const SweepWorld& world, const SetSchedule* schedule, const ErasureRows& rows,
                     SqlStatement& statement) {
  Parts select;
  for (const auto& column : rows.columns)
    select.push_back(qualify(row, column.name).text() + "::text");
  SweepConditions conditions(world, statement, false);
  select.push_back("(" + conditions.held(rows.set, row) + ") IS TRUE");
  std::vector<const SetSchedule*> tenants;
  if (schedule != nullptr) tenants.push_back(schedule);
  select.push_back("(" + conditions.kept_by_law(rows.set, row, tenants) + ") IS TRUE");
  select.push_back(shows_masks(world.catalogue, rows.set)
                       ? "(" + is_masked(world.catalogue, rows.set, row, mask_scope(rows.set)) +
                             ") IS TRUE"
                       : "false");
  return select;
}

std::string bound(const SqlFragment& fragment, const std::string& alias) {
  return "(" + bind_aliases(fragment.text, {{"this", alias}}) + ")";
}

}  // namespace

MaskScope mask_scope(const SetRef& set) {
  return set.set->erase.action == EraseAction::keep ? MaskScope::on_ground : MaskScope::all;
}

bool can_be_masked(const Catalogue& catalogue, const SetRef& set) {
  if (set.set->erase.action == EraseAction::repoint) return true;
  try {
    return !masked_columns(catalogue, set, mask_scope(set)).empty();
  } catch (const Error&) {
    return false;  // a column that must not be NULL has no mask
  }
}

bool shows_masks(const Catalogue& catalogue, const SetRef& set) {
  if (!can_be_masked(catalogue, set)) return false;
  if (set.set->clock && set.set->clock->masked_when) return true;
  const auto columns = masked_columns(catalogue, set, mask_scope(set));
  return std::all_of(columns.begin(), columns.end(),
                     [](const MaskedColumn& masked) { return masked.column.readable; });
}

std::vector<Referring> referring(const DataMap& map, const Catalogue& catalogue,
                                 const SetRef& set) {
  std::vector<Referring> found;
  // What the map says of shared rows says more than the key that is there too.
  for (const auto& reference : set.set->erase.unless_referenced_by)
    found.push_back({reference.table, reference.match, true, false});
  for (const auto& referrer : referrers(map, catalogue, set)) {
    if (referrer.fate != Referrer::Fate::blocks) continue;
    found.push_back(
        {referrer.table->name, pairs_of(*referrer.key), false, referrer.key->on_delete == 'c'});
  }
  return found;
}

std::vector<Releasing> releasing(const DataMap& map, const Catalogue& catalogue,
                                 const SetRef& set) {
  std::vector<Releasing> found;
  for (const auto& referrer : referrers(map, catalogue, set)) {
    const bool changes = referrer.fate == Referrer::Fate::repointed ||
                         (referrer.fate == Referrer::Fate::nullified &&
                          referrer.key->on_delete != 'n' && referrer.key->on_delete != 'd');
    if (!changes) continue;
    found.push_back(
        {referrer, referrer.key->columns.front(), referrer.key->target_columns.front()});
  }
  return found;
}

std::vector<ReachStep> loose_links(const DataMap& map, const Catalogue& catalogue,
                                   const SetRef& set) {
  std::vector<ReachStep> steps;
  for (const auto& child : record_sets(map)) {
    if (find_table(catalogue, child.table->name) == nullptr) continue;
    for (const auto& link : child.set->links) {
      if (link.to == set.set->name && !enforced(catalogue, child, link, set))
        steps.push_back({child, &link, set});
    }
  }
  return steps;
}

ErasureRows empty_rows(const DataMap& map, const Catalogue& catalogue, const SetRef& set) {
  const auto& table = live_table(catalogue, set.table->name);
  ErasureRows rows;
  rows.set = set;
  rows.columns = address_columns(*set.table, table);
  rows.address = rows.columns.size();
  for (const auto& by : referring(map, catalogue, set)) {
    for (const auto& pair : by.match) add_column(rows, table, pair.far);
  }
  for (const auto& releases : releasing(map, catalogue, set))
    add_column(rows, table, releases.target);
  for (const auto& step : loose_links(map, catalogue, set)) {
    for (const auto& name : linked_columns(catalogue, *step.link, set))
      add_column(rows, table, name);
  }
  rows.values.resize(rows.columns.size());
  return rows;
}

SqlStatement reached_statement(const ReachContext& context, const SweepWorld& world,
                               const SetSchedule* schedule, const SetSelection& selection,
                               std::size_t index, const ErasureRows& rows, bool lock,
                               const SubjectKeys* only) {
  SqlStatement statement;
  const auto select = result_columns(world, schedule, rows, statement);
  statement.text = "SELECT " + join(select, ", ") + " " +
                   from_where(context, selection.set, selection.paths, index, statement);
  if (only != nullptr)
    statement.text += " AND " + has_key_of(context.catalogue, selection.set, row, *only, statement);
  if (lock) statement.text += " FOR UPDATE OF " + quote(row).text();
  return statement;
}

SqlStatement named_statement(const ReachContext& context, const SweepWorld& world,
                             const SetSchedule* schedule, const SubjectKeys& keys,
                             const ErasureRows& rows, bool lock) {
  SqlStatement statement;
  const auto select = result_columns(world, schedule, rows, statement);
  statement.text = "SELECT " + join(select, ", ") + " " + from_table(rows.set) + " WHERE " +
                   has_key_of(context.catalogue, rows.set, row, keys, statement);
  if (lock) statement.text += " FOR UPDATE OF " + quote(row).text();
  return statement;
}

SqlStatement arrivals_statement(const ReachContext& context, const SweepWorld& world,
                                const SetSchedule* schedule, const ReachStep& step,
                                const ErasureRows& parents, const std::vector<std::size_t>& gone,
                                const ErasureRows& rows, bool lock) {
  SqlStatement statement;
  const auto select = result_columns(world, schedule, rows, statement);
  WayWriter writer(context.map, context.catalogue, context.tenant_key, "t", statement, {});
  const RowInSight child{step.from.table, row};
  Parts parts;
  if (step.from.set->predicate) parts.push_back(bound(*step.from.set->predicate, row));
  // What says of which tenant the row is may have gone with the row it hangs on.
  if (!context.tenant_key.empty() && has_tenant(context.map, *step.from.table) &&
      !leads_to_key(context.catalogue, step)) {
    const auto tenant = statement.bind(context.tenant_key, "text");
    parts.push_back("coalesce(" + tenant_expression(context.map, *step.from.table, row) + ", " +
                    tenant + ") = " + tenant);
  }
  std::vector<std::size_t> columns;
  for (const auto& name : linked_columns(context.catalogue, *step.link, step.to)) {
    const auto at = parents.column(name);
    if (std::find(columns.begin(), columns.end(), at) == columns.end()) columns.push_back(at);
  }
  parts.push_back(writer.leads_to(step, child, [&](const std::string& alias) {
    return rows_by_name(parents, gone, columns, alias, statement);
  }));
  statement.text = "SELECT " + join(select, ", ") + " " + from_table(step.from) + " WHERE " +
                   join(parts, " AND ");
  if (lock) statement.text += " FOR UPDATE OF " + quote(row).text();
  return statement;
}

SqlStatement held_statement(const DataMap& map, const Catalogue& catalogue, const Held& held,
                            const ErasureRows& rows, const std::vector<std::size_t>& chosen) {
  SqlStatement statement;
  auto condition = held_condition(map, catalogue, held, rows.set, row, statement);
  if (condition.empty()) condition = "false";
  statement.text = "SELECT " + qualify(key, std::string(key) + "n").text() + " FROM " +
                   rows_as(rows, chosen, first_columns(rows.address), key, true, statement) +
                   " WHERE EXISTS (SELECT 1 " + from_table(rows.set) + " WHERE " +
                   same_address(rows.columns, rows.address, row, key) + " AND " + condition + ")";
  return statement;
}

SqlStatement referred_statement(const DataMap& map, const Referring& by, const ErasureRows& rows,
                                const std::vector<std::size_t>& chosen,
                                const std::vector<ReferringRows>& own) {
  SqlStatement statement;
  std::vector<std::size_t> columns;
  Parts match;
  for (const auto& pair : by.match) {
    match.push_back(qualify(row, pair.near) + " = " +
                    qualify(key, key + std::to_string(columns.size())).text());
    columns.push_back(rows.column(pair.far));
  }
  auto from = rows_as(rows, chosen, columns, key, true, statement) + " JOIN " + quote(by.table) +
              (" AS " + quote(row).text()) + " ON " + join(match, " AND ");
  Parts codes;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto alias = "dsar_o" + std::to_string(i) + "_";
    const auto& known = *own[i].rows;
    std::vector<std::optional<std::string>> obstacles;
    for (const auto obstacle : own[i].obstacles)
      obstacles.emplace_back(std::to_string(static_cast<int>(obstacle)));
    std::vector<std::size_t> all(known.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    // Two arrays side by side: the addresses, and what each comes to.
    const auto addresses =
        rows_as(known, all, first_columns(known.address), alias, false, statement);
    const auto close = addresses.find(") AS ");
    const auto names = addresses.rfind(')');
    from += " LEFT JOIN " + addresses.substr(0, close) + ", " +
            statement.bind(nullable_array(obstacles), "integer[]") +
            addresses.substr(close, names - close) + ", " + quote(alias + "code").text() + ") ON " +
            same_address(known.columns, known.address, row, alias);
    codes.push_back(qualify(alias, alias + "code").text());
  }
  std::string unknown = std::to_string(static_cast<int>(Obstacle::uncovered));
  if (const auto* mapped = find_table(map, by.table)) {
    const auto others = std::to_string(static_cast<int>(Obstacle::others));
    if (mapped->not_personal) unknown = others;
    Parts covered;
    for (const auto& set : mapped->sets)
      covered.push_back(set.predicate ? bound(*set.predicate, row) + " IS TRUE" : "true");
    if (!covered.empty())
      unknown =
          "CASE WHEN " + join(covered, " OR ") + " THEN " + others + " ELSE " + unknown + " END";
  }
  codes.push_back(unknown);
  statement.text = "SELECT n, max(code), count(*) FROM (SELECT " +
                   qualify(key, std::string(key) + "n").text() + " AS n, coalesce(" +
                   join(codes, ", ") + ") AS code FROM " + from +
                   ") AS referring WHERE code <> 0 GROUP BY n";
  return statement;
}

std::optional<SqlStatement> latest_clock_statement(const SweepWorld& world, const ErasureRows& rows,
                                                   const std::vector<std::size_t>& chosen,
                                                   const Zone& zone) {
  const auto& clock = rows.set.set->clock;
  const auto type = world.clock_types.find(rows.set.set->name);
  if (!clock || !clock->expression || type == world.clock_types.end()) return std::nullopt;
  SqlStatement statement;
  statement.text = "SELECT " +
                   clock_text("max(" + SweepConditions::clock_sql(rows.set, row) + ")",
                              type->second, *clock, zone) +
                   " " + from_table(rows.set) + " JOIN " +
                   rows_as(rows, chosen, first_columns(rows.address), key, false, statement) +
                   " ON " + same_address(rows.columns, rows.address, row, key);
  return statement;
}

std::optional<SqlStatement> objects_statement(const ErasureRows& rows,
                                              const std::vector<std::size_t>& chosen) {
  if (rows.set.set->objects.empty() || chosen.empty()) return std::nullopt;
  SqlStatement statement;
  Parts objects;
  for (const auto& object : rows.set.set->objects)
    objects.push_back("(" + string_literal(object.store) + ", " + bound(object.key, row) +
                      "::text)");
  statement.text = "SELECT DISTINCT object.store, object.key " + from_table(rows.set) + " JOIN " +
                   rows_as(rows, chosen, first_columns(rows.address), key, false, statement) +
                   " ON " + same_address(rows.columns, rows.address, row, key) +
                   ", LATERAL (VALUES " + join(objects, ", ") +
                   ") AS object(store, key) WHERE object.key IS NOT NULL ORDER BY 1, 2";
  return statement;
}

}  // namespace dsar
