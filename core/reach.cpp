#include "core/reach.hpp"

#include <algorithm>
#include <functional>

#include "core/error.hpp"
#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

using Aliases = std::map<std::string, std::string>;

bool follows(const Link& link, Relation relation) {
  if (link.through.empty()) return relation != Relation::mentions;
  return std::find(link.through.begin(), link.through.end(), relation) != link.through.end();
}

class Planner {
 public:
  explicit Planner(const DataMap& map) : map_(map) {}

  const std::vector<ReachPath>& paths(const SetRef& ref) {
    const auto& name = ref.set->name;
    if (const auto known = done_.find(name); known != done_.end()) return known->second;
    if (std::find(open_.begin(), open_.end(), name) != open_.end()) refuse_cycle(name);
    open_.push_back(name);

    std::vector<ReachPath> result;
    if (!ref.set->identities.empty()) result.push_back({ref, {}, ref.set->relation});
    for (const auto& link : ref.set->links) {
      const auto to = find_set(map_, link.to);
      if (to.set == nullptr)
        throw Error(ExitCode::usage, "record set " + name + " links to '" + link.to +
                                         "', which the map does not have");
      for (const auto& onward : paths(to)) {
        if (!follows(link, onward.relation)) continue;
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
  std::map<std::string, std::vector<ReachPath>> done_;
  std::vector<std::string> open_;
};

/// Writes the conditions of ways as nested EXISTS. Every level has one table in its FROM, so that
/// a bare column in a fragment means the table it was written for.
class ConditionWriter {
 public:
  ConditionWriter(const ReachContext& context, SqlStatement& statement)
      : context_(context), statement_(statement) {}

  std::string rows_of(const SetRef& ref, const std::string& alias) {
    std::vector<std::string> parts;
    if (ref.set->predicate)
      parts.push_back("(" + bind_aliases(ref.set->predicate->text, {{"this", alias}}) + ")");
    auto tenant = tenant_condition(context_.map, context_.catalogue, *ref.table, alias,
                                   context_.tenant_key, statement_);
    if (!tenant.empty()) parts.push_back(std::move(tenant));
    return join(parts, " AND ");
  }

  std::string way(const ReachPath& path, std::size_t step, const std::string& alias) {
    if (step == path.steps.size()) return is_subject(path.root, alias);
    const auto& at = path.steps[step];
    Aliases aliases{{"this", alias}};
    const auto that = fresh();
    const auto inner = [&](const std::string& before) {
      std::vector<std::string> parts = matches(at.link->match, before, that);
      aliases["that"] = that;
      if (at.link->on) parts.push_back("(" + bind_aliases(at.link->on->text, aliases) + ")");
      if (auto rows = rows_of(at.to, that); !rows.empty()) parts.push_back(std::move(rows));
      parts.push_back(way(path, step + 1, that));
      return exists(at.to.table->name, that, parts);
    };
    return through(at.link->via, 0, alias, aliases, inner);
  }

  /// The hops from `via[index]` on, then what `inner` says of the last alias.
  std::string through(const std::vector<Hop>& via, std::size_t index, const std::string& before,
                      Aliases& aliases,
                      const std::function<std::string(const std::string&)>& inner) {
    if (index == via.size()) return inner(before);
    const auto& hop = via[index];
    const auto alias = fresh();
    aliases[hop.alias] = alias;
    auto parts = matches(hop.match, before, alias);
    if (hop.on) parts.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
    parts.push_back(through(via, index + 1, alias, aliases, inner));
    return exists(hop.table, alias, parts);
  }

 private:
  std::string fresh() { return "t" + std::to_string(++aliases_used_); }

  static std::string exists(const TableName& table, const std::string& alias,
                            const std::vector<std::string>& parts) {
    return "EXISTS (SELECT 1 FROM " + quote(table) + " AS " + quote(alias).text() + " WHERE " +
           join(parts, " AND ") + ")";
  }

  static std::vector<std::string> matches(const std::vector<ColumnPair>& pairs,
                                          const std::string& near, const std::string& far) {
    std::vector<std::string> parts;
    for (const auto& pair : pairs)
      parts.push_back(qualify(far, pair.far) + " = " + qualify(near, pair.near).text());
    return parts;
  }

  std::string is_subject(const SetRef& root, const std::string& alias) {
    const auto keys = context_.keys.find(root.set->name);
    if (keys == context_.keys.end() || keys->second.empty()) return "false";
    const auto key = row_key(*root.table, live_table(context_.catalogue, root.table->name));
    std::vector<std::string> columns;
    std::vector<std::string> arrays;
    for (std::size_t i = 0; i < key.size(); ++i) {
      std::vector<std::string> values;
      for (const auto& row : keys->second) values.push_back(row.at(i));
      const auto& column = live_column(context_.catalogue, root.table->name, key[i]);
      columns.push_back(qualify(alias, key[i]).text());
      arrays.push_back(statement_.bind(array_value(values), column.type + "[]"));
    }
    if (columns.size() == 1) return columns.front() + " = ANY (" + arrays.front() + ")";
    return "(" + join(columns, ", ") + ") IN (SELECT * FROM unnest(" + join(arrays, ", ") + "))";
  }

  const ReachContext& context_;
  SqlStatement& statement_;
  int aliases_used_ = 0;
};

/// Notes the columns that a fragment may name; a bare name counts for every table that has it.
void add_fragment(std::map<TableName, std::vector<std::string>>& columns,
                  const std::map<std::string, TableName>& names_by_alias,
                  const Catalogue& catalogue, const SqlFragment& fragment) {
  for (const auto& name : referenced_names(fragment.text)) {
    for (const auto& [alias, table] : names_by_alias) {
      if (!name.alias.empty() && name.alias != alias) continue;
      const auto* live = find_table(catalogue, table);
      if (live != nullptr && find_column(*live, name.name) != nullptr)
        columns[table].push_back(name.name);
    }
  }
}

}  // namespace

std::vector<SetReach> plan_reach(const DataMap& map) {
  Planner planner(map);
  std::vector<SetReach> reach;
  for (const auto& ref : record_sets(map)) reach.push_back({ref, planner.paths(ref)});
  return reach;
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
  ConditionWriter writer(context, statement);
  std::vector<std::string> parts;
  if (auto rows = writer.rows_of(set, "t0"); !rows.empty()) parts.push_back(std::move(rows));
  parts.push_back(writer.way(paths.at(index), 0, "t0"));
  for (std::size_t earlier = 0; earlier < index; ++earlier)
    parts.push_back("NOT " + writer.way(paths[earlier], 0, "t0"));
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
