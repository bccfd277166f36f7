#include "core/pg/sweep_partitions.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>

#include "core/pg/clock_value.hpp"
#include "core/sweep_statements.hpp"
#include "core/tenant_sql.hpp"

namespace dsar::pg {
namespace {

constexpr const char* row = "t0";

/// The column's name where the expression is just that column.
std::string plain_column(const std::string& expression) {
  static const std::regex column(R"re(\s*(?:this\.)?("?)([a-z_][a-z0-9_]*|[^"]+)\1\s*)re");
  std::smatch match;
  return std::regex_match(expression, match, column) ? match[2].str() : std::string();
}

/// `RANGE (viewed_at)` by exactly the set's clock.
bool partitioned_by_clock(const CatalogueTable& table, const SetRef& set) {
  if (table.kind != 'p' || !set.set->clock || !set.set->clock->expression) return false;
  static const std::regex range(R"re(RANGE \("?([^"(),]+)"?\))re");
  std::smatch match;
  return std::regex_match(table.partition_key, match, range) &&
         match[1].str() == plain_column(set.set->clock->expression->text);
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

std::string in_leaf(const SweepPass& pass, const ExpiredLeaf& leaf, const std::string& type,
                    SqlStatement& statement) {
  const auto clock = SweepConditions::clock_sql(pass.set, row);
  auto condition = clock + " < " + statement.bind(leaf.to, type);
  if (!leaf.from.empty()) condition += " AND " + clock + " >= " + statement.bind(leaf.from, type);
  return condition;
}

/// A row in the leaf that is held, or of a tenant of which nothing may go yet.
bool somebody_elses(Connection& connection, const SweepWorld& world, const SweepPass& pass,
                    const ExpiredLeaf& leaf, const std::string& type,
                    const std::vector<const SetSchedule*>& due) {
  SqlStatement statement;
  SweepConditions conditions(world, statement, false);
  std::vector<std::string> stays;
  if (world.map.tenants)
    stays.push_back("(" + conditions.in_tenants(pass.set, row, due) + ") IS NOT TRUE");
  if (const auto held = conditions.held(pass.set, row); held != "false")
    stays.push_back("(" + held + ")");
  if (stays.empty()) return false;
  statement.text = "SELECT EXISTS (SELECT 1 " + from_table(pass.set) + " WHERE " +
                   in_leaf(pass, leaf, type, statement) + " AND (" + join(stays, " OR ") + "))";
  return connection.exec(statement.text, statement.params())->text(0, 0) == "t";
}

std::string clock_type(Connection& connection, const SetRef& set) {
  return connection
      .exec("SELECT pg_typeof((SELECT " + SweepConditions::clock_sql(set, row) + " " +
            from_table(set) + " LIMIT 0))::text")
      ->text(0, 0);
}

struct Leaf {
  ExpiredLeaf leaf;
  std::optional<ClockValue> upper;  ///< none: MAXVALUE
};

/// The leaves, oldest first; none where the table has another shape than ranges side by side.
std::vector<Leaf> read_leaves(Connection& connection, const SweepWorld& world,
                              const SweepPass& pass, const std::string& type) {
  const auto found = connection.exec(
      "SELECT n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid), c.reltuples, c.relkind, "
      "p.level FROM pg_partition_tree($1::regclass) AS p JOIN pg_class AS c ON c.oid = p.relid "
      "JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE p.level > 0",
      {quote(pass.set.table->name).text()});
  static const std::regex bounds(
      R"re(FOR VALUES FROM \((?:'([^']*)'|MINVALUE)\) TO \((?:'([^']*)'|MAXVALUE)\))re");
  std::vector<Leaf> leaves;
  for (std::size_t r = 0; r < found->rows(); ++r) {
    const auto text = found->text(r, 2);
    std::smatch match;
    if (found->text(r, 4) != "r" || found->text(r, 5) != "1" ||
        !std::regex_match(text, match, bounds))
      return {};
    Leaf leaf;
    leaf.leaf.name = {found->text(r, 0), found->text(r, 1)};
    leaf.leaf.from = match[1].str();
    leaf.leaf.to = match[2].str();
    leaf.leaf.type = type;
    const auto rows = std::stod(found->text(r, 3));
    leaf.leaf.estimated = rows >= 0;
    leaf.leaf.rows = static_cast<std::uint64_t>(std::llround(std::max(0.0, rows)));
    if (match[2].matched) {
      SqlStatement statement;
      const auto bound = statement.bind(leaf.leaf.to, type);
      statement.text = "SELECT " + clock_text(bound, world.clock_types.at(pass.set.set->name),
                                              *pass.set.set->clock, Zone::named(world.map.zone));
      leaf.upper = read_clock_value(connection.exec(statement.text, statement.params())->text(0, 0),
                                    leaf.leaf.name.text());
    }
    leaves.push_back(std::move(leaf));
  }
  const auto moment = [](const Leaf& leaf) {
    return leaf.upper ? first_instant(*leaf.upper, Zone()) : Instant::max();
  };
  std::sort(leaves.begin(), leaves.end(),
            [&](const Leaf& a, const Leaf& b) { return moment(a) < moment(b); });
  return leaves;
}

}  // namespace

std::vector<ExpiredLeaf> expired_leaves(Connection& connection, const SweepWorld& world,
                                        const SweepPass& pass) {
  const auto& table = live_table(world.catalogue, pass.set.table->name);
  if (pass.by != DueBy::clock || !partitioned_by_clock(table, pass.set) ||
      rows_must_be_looked_at(world, pass))
    return {};
  const auto type = clock_type(connection, pass.set);
  std::vector<ExpiredLeaf> expired;
  for (auto& [leaf, upper] : read_leaves(connection, world, pass, type)) {
    if (!upper) break;
    const auto due = tenants_due(world, pass, *upper);
    if (due.empty() || somebody_elses(connection, world, pass, leaf, type, due)) break;
    // Told by tenant, they have to be counted.
    if (world.map.tenants || !leaf.estimated) {
      SqlStatement count;
      count.text =
          "SELECT count(*) " + from_table(pass.set) + " WHERE " + in_leaf(pass, leaf, type, count);
      leaf.rows = std::stoull(connection.exec(count.text, count.params())->text(0, 0));
      leaf.estimated = false;
    }
    expired.push_back(std::move(leaf));
  }
  // Empty ones are of no interest at the end, and harmless in between.
  while (!expired.empty() && expired.back().rows == 0) expired.pop_back();
  return expired;
}

std::optional<std::map<std::string, std::uint64_t>> empty_leaf(Connection& connection,
                                                               const SweepWorld& world,
                                                               const SweepPass& pass,
                                                               const ExpiredLeaf& leaf, bool drop) {
  const auto table = quote(leaf.name).text();
  connection.exec("LOCK TABLE ONLY " + table + " IN ACCESS EXCLUSIVE MODE");
  // Who may be in it has been read before the lock: once more.
  const auto again = expired_leaves(connection, world, pass);
  const auto still = std::find_if(again.begin(), again.end(), [&](const ExpiredLeaf& one) {
    return one.name == leaf.name && one.to == leaf.to;
  });
  if (still == again.end()) return std::nullopt;
  std::map<std::string, std::uint64_t> rows;
  if (world.map.tenants) {
    SqlStatement count;
    count.text = "SELECT " + tenant_expression(world.map, *pass.set.table, row) + ", count(*) " +
                 from_table(pass.set) + " WHERE " + in_leaf(pass, leaf, leaf.type, count) +
                 " GROUP BY 1";
    const auto counted = connection.exec(count.text, count.params());
    for (std::size_t r = 0; r < counted->rows(); ++r)
      rows[counted->text(r, 0)] = std::stoull(counted->text(r, 1));
  } else {
    rows[{}] = leaf.rows;
  }
  const auto owner = connection.exec(
      "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = $1::regclass", {table});
  if (drop && owner->text(0, 0) == "t") {
    connection.exec("DROP TABLE " + table);
  } else {
    connection.exec("TRUNCATE ONLY " + table);
  }
  return rows;
}

}  // namespace dsar::pg
