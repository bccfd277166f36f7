#include "core/pg/sweep_partitions.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/pg/clock_value.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"
#include "core/tenant_sql.hpp"

namespace dsar::pg {
namespace {

constexpr const char* row = "t0";

/// The column's name where the expression is just that column.
std::string plain_column(std::string_view expression) {
  const auto names = referenced_names(expression);
  if (names.size() != 1) return {};
  const auto& name = names.front().name;
  for (const auto& written : {name, "this." + name, "\"" + name + "\"", "this.\"" + name + "\""}) {
    if (expression == written) return name;
  }
  return {};
}

/// `RANGE (viewed_at)` by exactly the set's clock.
bool partitioned_by_clock(const CatalogueTable& table, const SetRef& set) {
  if (table.kind != 'p' || !set.set->clock || !set.set->clock->expression) return false;
  const auto column = plain_column(set.set->clock->expression->text);
  return !column.empty() && (table.partition_key == "RANGE (" + column + ")" ||
                             table.partition_key == "RANGE (\"" + column + "\")");
}

/// The ends of a range partition of one column: `FOR VALUES FROM ('…') TO ('…')`, where MINVALUE
/// and MAXVALUE are empty. Nothing for any other kind of partition.
std::optional<std::pair<std::string, std::string>> bounds_of(std::string_view text) {
  constexpr std::string_view from = "FOR VALUES FROM (";
  constexpr std::string_view to = ") TO (";
  const auto middle = text.find(to);
  if (!text.starts_with(from) || middle == std::string_view::npos || !text.ends_with(')'))
    return std::nullopt;
  const auto value = [](std::string_view written) -> std::optional<std::string> {
    if (written == "MINVALUE" || written == "MAXVALUE") return std::string();
    const bool quoted = written.size() > 2 && written.front() == '\'' && written.back() == '\'';
    const auto inner = quoted ? written.substr(1, written.size() - 2) : std::string_view();
    if (!quoted || inner.find('\'') != std::string_view::npos) return std::nullopt;
    return std::string(inner);
  };
  const auto low = value(text.substr(from.size(), middle - from.size()));
  const auto rest = text.substr(middle + to.size());
  const auto high = value(rest.substr(0, rest.size() - 1));
  if (!low || !high) return std::nullopt;
  return std::pair(*low, *high);
}

bool rows_must_be_looked_at(const SweepWorld& world, const SweepPass& pass) {
  const auto& set = *pass.set.set;
  const auto& table = live_table(world.catalogue, pass.set.table->name);
  const auto on_delete = [](const CatalogueTrigger& trigger) { return trigger.on_delete; };
  return pass.action != SweepAction::remove || pass.set.table->sets.size() != 1 || set.predicate ||
         set.legal_ground || !set.objects.empty() || !set.clock->childless.empty() ||
         !dependants(world.map, pass.set).empty() ||
         !referrers(world.map, world.catalogue, pass.set).empty() ||
         std::any_of(table.triggers.begin(), table.triggers.end(), on_delete);
}

/// Tenants of which rows of the leaf may go: of the others none may be in it.
std::vector<const SetSchedule*> tenants_due(const SweepWorld& world, const SweepPass& pass,
                                            const ClockValue& upper) {
  std::vector<const SetSchedule*> due;
  for (const auto& one : world.schedule) {
    if (one.set.set->name != pass.set.set->name) continue;
    if (one.kept_always != nullptr || one.kept_by_law) continue;
    const auto in_pass = [&](const SetSchedule* wanted) { return wanted->tenant == one.tenant; };
    if (std::none_of(pass.tenants.begin(), pass.tenants.end(), in_pass)) continue;
    bool expired = one.whole && one.whole->action == SweepAction::remove;
    if (one.by_clock && one.by_clock->action == SweepAction::remove) {
      const auto& cut_off = one.by_clock->cut_off;
      const auto* date = std::get_if<Date>(&upper);
      expired = expired || (date != nullptr ? *date <= cut_off.date
                                            : std::get<Instant>(upper) <= cut_off.instant);
    }
    if (expired) due.push_back(&one);
  }
  return due;
}

std::string in_leaf(const SweepPass& pass, const ExpiredLeaf& leaf, SqlStatement& statement) {
  const auto clock = SweepConditions::clock_sql(pass.set, row);
  auto condition = clock + " < " + statement.bind(leaf.to, leaf.type);
  if (!leaf.from.empty())
    condition += " AND " + clock + " >= " + statement.bind(leaf.from, leaf.type);
  return condition;
}

/// A row in the leaf that is held, or of a tenant of which nothing may go yet.
bool somebody_elses(Connection& connection, const SweepWorld& world, const SweepPass& pass,
                    const ExpiredLeaf& leaf, const std::vector<const SetSchedule*>& due) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  std::vector<std::string> stays;
  if (world.map.tenants)
    stays.push_back("(" + conditions.in_tenants(pass.set, row, due) + ") IS NOT TRUE");
  if (const auto held = conditions.held(pass.set, row); held != "false")
    stays.push_back("(" + held + ")");
  if (stays.empty()) return false;
  statement.text = "SELECT EXISTS (SELECT 1 " + from_table(pass.set) + " WHERE " +
                   in_leaf(pass, leaf, statement) + " AND (" + join(stays, " OR ") + "))";
  return connection.exec(statement.text, statement.params())->text(0, 0) == "t";
}

/// Of a table that is partitioned by its clock, which is a column then.
const std::string& clock_type(const SweepWorld& world, const SetRef& set) {
  return live_column(world.catalogue, set.table->name,
                     plain_column(set.set->clock->expression->text))
      .base_type;
}

/// Where the leaves end, all in one look. A leaf without an upper end comes after all others.
void read_uppers(Connection& connection, const SweepWorld& world, const SweepPass& pass,
                 std::vector<ExpiredLeaf>& leaves) {
  SqlStatement statement;
  std::vector<ExpiredLeaf*> bounded;
  std::vector<std::string> texts;
  for (auto& leaf : leaves) {
    if (leaf.to.empty()) continue;
    bounded.push_back(&leaf);
    texts.push_back(clock_text(statement.bind(leaf.to, leaf.type),
                               world.clock_types.at(pass.set.set->name), *pass.set.set->clock,
                               Zone::named(world.map.zone)));
  }
  if (bounded.empty()) return;
  // As rows: a statement has a limited number of columns.
  statement.text = "VALUES (" + join(texts, "), (") + ")";
  const auto found = connection.exec(statement.text, statement.params());
  for (std::size_t r = 0; r < found->rows(); ++r)
    bounded[r]->upper = read_clock_value(found->text(r, 0), bounded[r]->name.text());
}

/// The leaves, oldest first; none where the table has another shape than ranges side by side.
std::vector<ExpiredLeaf> read_leaves(Connection& connection, const SweepWorld& world,
                                     const SweepPass& pass) {
  // Rows as the planner reckons them; -1 where nothing is known, or nothing but that it was empty.
  const auto found = connection.exec(
      "SELECT n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid), c.relkind, p.level, CASE "
      "WHEN pg_relation_size(c.oid) = 0 THEN 0 WHEN c.reltuples > 0 AND c.relpages > 0 THEN "
      "ceil(c.reltuples / c.relpages * (pg_relation_size(c.oid) / "
      "current_setting('block_size')::bigint)) ELSE -1 END FROM pg_partition_tree($1::regclass) AS "
      "p JOIN pg_class AS c ON c.oid = p.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace "
      "WHERE p.level > 0",
      {quote(pass.set.table->name).text()});
  const auto& type = clock_type(world, pass.set);
  std::vector<ExpiredLeaf> leaves;
  for (std::size_t r = 0; r < found->rows(); ++r) {
    const auto bounds = bounds_of(found->text(r, 2));
    if (found->text(r, 3) != "r" || found->text(r, 4) != "1" || !bounds) return {};
    const auto rows = std::stod(found->text(r, 5));
    leaves.push_back({.name = {found->text(r, 0), found->text(r, 1)},
                      .bound = found->text(r, 2),
                      .from = bounds->first,
                      .to = bounds->second,
                      .type = type,
                      .rows = static_cast<std::uint64_t>(std::max(0.0, rows)),
                      .estimated = rows >= 0});
  }
  read_uppers(connection, world, pass, leaves);
  const auto end = [](const ExpiredLeaf& leaf) {
    return leaf.upper ? first_instant(*leaf.upper, Zone()) : Instant::max();
  };
  std::sort(leaves.begin(), leaves.end(),
            [&](const ExpiredLeaf& a, const ExpiredLeaf& b) { return end(a) < end(b); });
  return leaves;
}

/// Of every row in it, and nobody else's.
bool has_expired(Connection& connection, const SweepWorld& world, const SweepPass& pass,
                 const ExpiredLeaf& leaf) {
  const auto due = tenants_due(world, pass, *leaf.upper);
  return !due.empty() && !somebody_elses(connection, world, pass, leaf, due);
}

/// By tenant key.
std::map<std::string, std::uint64_t> count_rows(Connection& connection, const SweepWorld& world,
                                                const SweepPass& pass, const ExpiredLeaf& leaf) {
  SqlStatement count;
  count.text =
      "SELECT " +
      (world.map.tenants ? tenant_expression(world.map, *pass.set.table, row) : std::string("''")) +
      ", count(*) " + from_table(pass.set) + " WHERE " + in_leaf(pass, leaf, count) + " GROUP BY 1";
  const auto counted = connection.exec(count.text, count.params());
  std::map<std::string, std::uint64_t> rows;
  for (std::size_t r = 0; r < counted->rows(); ++r)
    rows[counted->text(r, 0)] = std::stoull(counted->text(r, 1));
  return rows;
}

}  // namespace

std::vector<ExpiredLeaf> expired_leaves(Connection& connection, const SweepWorld& world,
                                        const SweepPass& pass) {
  if (pass.by != DueBy::clock ||
      !partitioned_by_clock(live_table(world.catalogue, pass.set.table->name), pass.set) ||
      rows_must_be_looked_at(world, pass))
    return {};
  std::vector<ExpiredLeaf> expired;
  for (auto& leaf : read_leaves(connection, world, pass)) {
    if (!leaf.upper || !has_expired(connection, world, pass, leaf)) break;
    // Told by tenant, they have to be counted.
    if (world.map.tenants || !leaf.estimated) {
      leaf.rows = 0;
      for (const auto& [tenant, rows] : count_rows(connection, world, pass, leaf))
        leaf.rows += rows;
      leaf.estimated = false;
    }
    expired.push_back(std::move(leaf));
  }
  // Those of earlier years, which have been emptied, are not locked for nothing.
  std::erase_if(expired, [](const ExpiredLeaf& leaf) { return leaf.rows == 0; });
  return expired;
}

std::optional<std::map<std::string, std::uint64_t>> empty_leaf(Connection& connection,
                                                               const SweepWorld& world,
                                                               const SweepPass& pass,
                                                               const ExpiredLeaf& leaf,
                                                               LeafLock lock, bool drop) {
  const auto table = quote(leaf.name).text();
  connection.exec("LOCK TABLE ONLY " + table + " IN ACCESS EXCLUSIVE MODE" +
                  std::string(lock == LeafLock::at_once ? " NOWAIT" : ""));
  // Where it ends, and who may be in it, has been read before the lock: once more.
  const auto found = connection.exec(
      "SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = "
      "i.inhrelid WHERE i.inhrelid = $1::regclass AND i.inhparent = $2::regclass AND c.relkind = "
      "'r' AND pg_get_expr(c.relpartbound, c.oid) = $3",
      {table, quote(pass.set.table->name).text(), leaf.bound});
  if (found->rows() == 0 || !has_expired(connection, world, pass, leaf)) return std::nullopt;
  std::map<std::string, std::uint64_t> rows;
  if (leaf.estimated) {
    rows[{}] = leaf.rows;
  } else {
    rows = count_rows(connection, world, pass, leaf);
  }
  connection.exec((drop && found->text(0, 0) == "t" ? "DROP TABLE " : "TRUNCATE ONLY ") + table);
  return rows;
}

}  // namespace dsar::pg
