#include "core/reach.hpp"

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "core/map/own_schema.hpp"
#include "core/sql_fragment.hpp"
#include "core/way_sql.hpp"

namespace dsar {
namespace {

class Planner {
 public:
  Planner(const DataMap& map, const WayEnd& end) : map_(map), end_(end) {}

  const std::vector<ReachPath>& paths(const SetRef& ref) {
    const auto& name = ref.set->name;
    if (const auto known = done_.find(name); known != done_.end()) return known->second;
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) refuse_cycle(name);
    open_.push_back(name);

    std::vector<ReachPath> result;
    if (const auto relation = end_(ref)) result.push_back({ref, {}, *relation});
    for (const auto& link : ref.set->links) {
      const auto to = find_set(map_, link.to);
      if (to.set == nullptr)
        throw Error(ExitCode::usage, "record set " + name + " links to '" + link.to +
                                         "', which the map does not have");
      for (const auto& onward : paths(to)) {
        if (!follows(link, onward.relation)) continue;
        // Requests and holds have recorded the subject's own rows, not what others share with it.
        const bool recorded = is_own(ref.table->name) && !is_own(to.table->name);
        if (recorded && !onward.steps.empty()) continue;
        ReachPath path{onward.root, {{ref, &link, to}}, link.relation.value_or(ref.set->relation)};
        path.steps.insert(path.steps.end(), onward.steps.begin(), onward.steps.end());
        result.push_back(std::move(path));
      }
    }
    open_.pop_back();
    return done_.emplace(name, std::move(result)).first->second;
  }

 private:
  [[noreturn]] void refuse_cycle(const std::string& name) const {
    std::string cycle;
    for (auto it = std::find(open_.begin(), open_.end(), name); it != open_.end(); ++it)
      cycle += *it + " -> ";
    throw Error(ExitCode::usage, "the links of the record sets form a cycle: " + cycle + name,
                "Remove one of these links; a self reference needs none.");
  }

  const DataMap& map_;
  const WayEnd& end_;
  std::map<std::string, std::vector<ReachPath>> done_;
  std::vector<std::string> open_;
};

bool is_system_column(const std::string& name) {
  static const std::set<std::string> names{"tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"};
  return names.contains(name);
}

/// Notes the columns that a fragment may name: a bare name counts for every table that has it, one
/// with its table's alias also where the table lacks it.
void add_fragment(std::map<TableName, std::vector<std::string>>& columns,
                  const std::map<std::string, TableName>& names_by_alias,
                  const Catalogue& catalogue, const SqlFragment& fragment) {
  for (const auto& name : referenced_names(fragment.text)) {
    for (const auto& [alias, table] : names_by_alias) {
      if (!name.alias.empty() && name.alias != alias) continue;
      const auto* live = find_table(catalogue, table);
      if (live == nullptr) continue;
      const bool said = !name.alias.empty() && !is_system_column(name.name);
      if (said || find_column(*live, name.name) != nullptr) columns[table].push_back(name.name);
    }
  }
}

}  // namespace

bool follows(const Link& link, Relation relation) {
  if (link.through.empty()) return relation != Relation::mentions;
  return std::find(link.through.begin(), link.through.end(), relation) != link.through.end();
}

std::vector<SetReach> plan_ways(const DataMap& map, const WayEnd& end) {
  Planner planner(map, end);
  std::vector<SetReach> reach;
  for (const auto& ref : record_sets(map)) reach.push_back({ref, planner.paths(ref)});
  return reach;
}

std::vector<SetReach> plan_reach(const DataMap& map) {
  return plan_ways(map, [](const SetRef& ref) -> std::optional<Relation> {
    if (ref.set->identities.empty()) return std::nullopt;
    return ref.set->relation;
  });
}

std::string describe(const ReachPath& path) {
  if (path.steps.empty()) return path.root.set->name;
  std::string text = path.steps.front().from.set->name;
  for (const auto& step : path.steps) text += " <- " + step.to.set->name;
  return text;
}

std::vector<ReachPath> live_paths(const SetReach& reach, const SubjectKeys& keys) {
  std::vector<ReachPath> live;
  for (const auto& path : reach.paths) {
    const auto found = keys.find(path.root.set->name);
    if (found != keys.end() && !found->second.empty()) live.push_back(path);
  }
  return live;
}

std::string from_where(const ReachContext& context, const SetRef& set,
                       const std::vector<ReachPath>& paths, std::size_t index,
                       SqlStatement& statement) {
  const RowInSight row{set.table, "t0"};
  WayWriter writer(context.map, context.catalogue, context.tenant_key, "t", statement,
                   [&](const SetRef& root, const std::string& alias) {
                     return has_key_of(context.catalogue, root, alias, context.keys, statement);
                   });
  std::vector<std::string> parts = writer.rows_of(set, row, row);
  parts.push_back(writer.way(paths.at(index), row, row));
  for (std::size_t earlier = 0; earlier < index; ++earlier)
    parts.push_back("NOT " + writer.way(paths[earlier], row, row));
  return "FROM " + quote(set.table->name) + " AS \"t0\" WHERE " + join(parts, " AND ");
}

namespace {

/// What says to which tenant a table's rows belong.
void add_tenant_paths(std::map<TableName, std::vector<std::string>>& columns,
                      const ReachContext& context, const Table& table) {
  for (const auto& path : table.tenant) {
    if (!path.column.empty()) columns[table.name].push_back(path.column);
    std::map<std::string, TableName> names{{"this", table.name}};
    if (path.when) add_fragment(columns, names, context.catalogue, *path.when);
    TableName before = table.name;
    for (const auto& hop : path.via) {
      names[hop.alias] = hop.table;
      for (const auto& pair : hop.match) {
        columns[before].push_back(pair.near);
        columns[hop.table].push_back(pair.far);
      }
      if (hop.on) add_fragment(columns, names, context.catalogue, *hop.on);
      before = hop.table;
    }
    const auto* last = find_table(context.map, before);
    if (last != nullptr && last != &table) add_tenant_paths(columns, context, *last);
  }
}

}  // namespace

std::map<TableName, std::vector<std::string>> columns_read(const ReachContext& context,
                                                           const SetRef& set,
                                                           const ReachPath& path) {
  std::map<TableName, std::vector<std::string>> columns;
  const auto add_set = [&](const SetRef& ref) {
    columns[ref.table->name];
    if (ref.set->predicate)
      add_fragment(columns, {{"this", ref.table->name}}, context.catalogue, *ref.set->predicate);
    if (context.map.tenants) add_tenant_paths(columns, context, *ref.table);
  };
  add_set(set);
  for (const auto& step : path.steps) {
    std::map<std::string, TableName> names{{"this", step.from.table->name}};
    TableName before = step.from.table->name;
    const auto add_pairs = [&](const std::vector<ColumnPair>& pairs, const TableName& far) {
      for (const auto& pair : pairs) {
        columns[before].push_back(pair.near);
        columns[far].push_back(pair.far);
      }
      before = far;
    };
    for (const auto& hop : step.link->via) {
      names[hop.alias] = hop.table;
      add_pairs(hop.match, hop.table);
      if (hop.on) add_fragment(columns, names, context.catalogue, *hop.on);
    }
    names["that"] = step.to.table->name;
    add_pairs(step.link->match, step.to.table->name);
    if (step.link->on) add_fragment(columns, names, context.catalogue, *step.link->on);
    add_set(step.to);
  }
  const auto* root = find_table(context.catalogue, path.root.table->name);
  if (root != nullptr) {
    for (const auto& key : row_key(*path.root.table, *root))
      columns[path.root.table->name].push_back(key);
  }
  return columns;
}

}  // namespace dsar
