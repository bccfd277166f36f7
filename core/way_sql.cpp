#include "core/way_sql.hpp"

#include <iterator>
#include <utility>

#include "core/error.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

std::string exists(const TableName& table, const std::string& alias, const Parts& parts) {
  return "EXISTS (SELECT 1 FROM " + quote(table) + " AS " + quote(alias).text() + " WHERE " +
         join(parts, " AND ") + ")";
}

Parts matches(const std::vector<ColumnPair>& pairs, const std::string& near,
              const std::string& far) {
  Parts parts;
  for (const auto& pair : pairs)
    parts.push_back(qualify(far, pair.far) + " = " + qualify(near, pair.near).text());
  return parts;
}

void append(Parts& parts, Parts more) {
  parts.insert(parts.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

}  // namespace

std::string has_key_of(const Catalogue& catalogue, const SetRef& root, const std::string& alias,
                       const SubjectKeys& keys, SqlStatement& statement) {
  const auto of_root = keys.find(root.set->name);
  if (of_root == keys.end() || of_root->second.empty()) return "false";
  const auto key = row_key(*root.table, live_table(catalogue, root.table->name));
  Parts columns;
  Parts arrays;
  for (std::size_t i = 0; i < key.size(); ++i) {
    std::vector<std::string> values;
    for (const auto& row : of_root->second) {
      if (row.size() != key.size()) {
        throw Error(ExitCode::refused,
                    "rows of " + root.set->name + " were recorded by another key than the map's",
                    "Give the table its former key in the map, or record them anew.");
      }
      values.push_back(row[i]);
    }
    const auto& column = live_column(catalogue, root.table->name, key[i]);
    columns.push_back(qualify(alias, key[i]).text());
    arrays.push_back(statement.bind(array_value(values), column.type + "[]"));
  }
  if (columns.size() == 1) return columns.front() + " = ANY (" + arrays.front() + ")";
  return "(" + join(columns, ", ") + ") IN (SELECT * FROM unnest(" + join(arrays, ", ") + "))";
}

WayWriter::WayWriter(const DataMap& map, const Catalogue& catalogue,
                     std::optional<std::string> tenant_key, std::string prefix,
                     SqlStatement& statement, End end)
    : map_(map),
      catalogue_(catalogue),
      tenant_key_(std::move(tenant_key)),
      prefix_(std::move(prefix)),
      statement_(statement),
      end_(std::move(end)) {}

std::string WayWriter::fresh() {
  return prefix_ + std::to_string(++aliases_used_);
}

/// Rows in between may be global.
const RowInSight& WayWriter::nearer(const RowInSight& row, const RowInSight& near) const {
  return has_tenant(map_, *row.table) ? row : near;
}

std::string WayWriter::right_tenant(const Table& table, const std::string& alias,
                                    const RowInSight& near) {
  if (tenant_key_)
    return tenant_condition(map_, catalogue_, table, alias, *tenant_key_, statement_);
  if (alias == near.alias) return {};
  return same_tenant(map_, catalogue_, table, alias, *near.table, near.alias);
}

Parts WayWriter::rows_of(const SetRef& ref, const RowInSight& row, const RowInSight& near) {
  Parts parts;
  if (ref.set->predicate)
    parts.push_back("(" + bind_aliases(ref.set->predicate->text, {{"this", row.alias}}) + ")");
  if (auto tenant = right_tenant(*ref.table, row.alias, near); !tenant.empty())
    parts.push_back(std::move(tenant));
  return parts;
}

/// rows_of() for a row that `step` ties to `other`: where the tenant is told by the very same
/// columns there is nothing more to ask.
Parts WayWriter::rows_along(const ReachStep& step, const SetRef& ref, const RowInSight& row,
                            const RowInSight& near, const RowInSight& other) {
  const auto& tenant = step.from.table->tenant;
  const bool by_the_link =
      !tenant_key_ && &near == &other && tenant.size() == 1 && !tenant[0].when &&
      tenant[0].via.size() == 1 && !tenant[0].via[0].on && step.link->via.empty() &&
      tenant[0].via[0].table == step.to.table->name && tenant[0].via[0].match == step.link->match;
  return rows_of(ref, row, by_the_link ? row : near);
}

std::string WayWriter::way(const ReachPath& path, const RowInSight& row, const RowInSight& near) {
  return way_from(path, 0, row, near);
}

std::string WayWriter::way_from(const ReachPath& path, std::size_t step, const RowInSight& row,
                                const RowInSight& near) {
  if (step == path.steps.size()) return end_(path.root, row.alias);
  const auto& at = path.steps[step];
  Aliases aliases{{"this", row.alias}};
  const Inner inner = [&](const std::string& before, Aliases& known) -> Parts {
    const RowInSight that{at.to.table, fresh()};
    auto parts = meets(*at.link, before, that.alias, known);
    append(parts, rows_along(at, at.to, that, near, row));
    parts.push_back(way_from(path, step + 1, that, nearer(that, near)));
    return {exists(that.table->name, that.alias, parts)};
  };
  return join(through(at.link->via, 0, row.alias, aliases, inner), " AND ");
}

std::string WayWriter::hangs_on(const ReachStep& step, const RowInSight& row,
                                const RowInSight& near, const Further& further) {
  const RowInSight child{step.from.table, fresh()};
  Aliases aliases{{"this", child.alias}};
  const Inner inner = [&](const std::string& before, Aliases& known) {
    return meets(*step.link, before, row.alias, known);
  };
  auto parts = through(step.link->via, 0, child.alias, aliases, inner);
  append(parts, rows_along(step, step.from, child, near, row));
  parts.push_back(further(child, nearer(child, near)));
  return exists(child.table->name, child.alias, parts);
}

std::string WayWriter::leads_to(const ReachStep& step, const RowInSight& row,
                                const Source& source) {
  Aliases aliases{{"this", row.alias}};
  const Inner inner = [&](const std::string& before, Aliases& known) -> Parts {
    const auto that = fresh();
    const auto parts = meets(*step.link, before, that, known);
    return {"EXISTS (SELECT 1 FROM " + source(that) + " WHERE " + join(parts, " AND ") + ")"};
  };
  return join(through(step.link->via, 0, row.alias, aliases, inner), " AND ");
}

/// The hops from `via[index]` on, then what `inner` says of the last alias.
Parts WayWriter::through(const std::vector<Hop>& via, std::size_t index, const std::string& before,
                         Aliases& aliases, const Inner& inner) {
  if (index == via.size()) return inner(before, aliases);
  const auto& hop = via[index];
  const auto alias = fresh();
  aliases[hop.alias] = alias;
  auto parts = matches(hop.match, before, alias);
  if (hop.on) parts.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
  append(parts, through(via, index + 1, alias, aliases, inner));
  return {exists(hop.table, alias, parts)};
}

/// The link's own conditions between its last hop, or its beginning, and the row it leads to.
Parts WayWriter::meets(const Link& link, const std::string& before, const std::string& that,
                       Aliases& aliases) {
  auto parts = matches(link.match, before, that);
  aliases["that"] = that;
  if (link.on) parts.push_back("(" + bind_aliases(link.on->text, aliases) + ")");
  return parts;
}

}  // namespace dsar
