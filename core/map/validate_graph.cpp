#include <algorithm>
#include <functional>
#include <map>

#include "core/map/validation.hpp"

namespace dsar {

namespace {

/// From a set to another, and where the map says so.
struct Edge {
  std::string to;
  Location where;
};

using Graph = std::map<std::string, std::vector<Edge>>;

/// Reports every edge that closes a cycle on the way from the sets in their order.
class CycleFinder {
 public:
  CycleFinder(Validation& check, const Graph& graph, std::string message)
      : check_(check), graph_(graph), message_(std::move(message)) {}

  void from(const std::string& name) {
    if (done_.count(name) > 0) return;
    open_.push_back(name);
    const auto edges = graph_.find(name);
    if (edges != graph_.end()) {
      std::set<std::string> seen;  // parallel edges close the same cycle
      for (const Edge& edge : edges->second) {
        if (!seen.insert(edge.to).second) continue;
        if (std::find(open_.begin(), open_.end(), edge.to) != open_.end()) {
          report(edge);
        } else {
          from(edge.to);
        }
      }
    }
    open_.pop_back();
    done_.insert(name);
  }

 private:
  void report(const Edge& closing) {
    std::string cycle;
    for (auto at = std::find(open_.begin(), open_.end(), closing.to); at != open_.end(); ++at) {
      cycle += *at + " -> ";
    }
    check_.fault(closing.where, message_ + cycle + closing.to);
  }

  Validation& check_;
  const Graph& graph_;
  std::string message_;
  std::vector<std::string> open_;
  std::set<std::string> done_;
};

void check_cycles(Validation& check, const Graph& graph, const std::vector<std::string>& names,
                  const std::string& message) {
  CycleFinder finder(check, graph, message);
  for (const std::string& name : names) finder.from(name);
}

Graph links(const DataMap& map) {
  Graph graph;
  for (const SetRef& ref : record_sets(map)) {
    for (const Link& link : ref.set->links) {
      graph[ref.set->name].push_back({link.to, within(link.where, "to")});
    }
  }
  return graph;
}

/// Whose clock must have run out first.
Graph clocks(const DataMap& map) {
  Graph graph;
  for (const SetRef& ref : record_sets(map)) {
    if (!ref.set->clock) continue;
    const Clock& clock = *ref.set->clock;
    auto& edges = graph[ref.set->name];
    for (const std::string& parent : clock.parents) {
      edges.push_back({parent, within(clock.where, "parent")});
    }
    for (const std::string& child : clock.childless) {
      edges.push_back({child, within(clock.where, "childless")});
    }
  }
  return graph;
}

/// Which table's tenant is that of the row of which other table.
Graph tenants(const DataMap& map) {
  Graph graph;
  for (const Table& table : map.tables) {
    for (const TenantPath& path : table.tenant) {
      if (path.via.empty()) continue;
      graph[table.name.text()].push_back({path.via.back().table.text(), path.where});
    }
  }
  // Its rows are tenants, whatever else is said of them.
  if (map.tenants) graph.erase(map.tenants->table.text());
  return graph;
}

/// A row's tenant by way of another table takes that the other table's rows have one.
void check_tenant_ends(Validation& check) {
  for (const Table& table : check.map.tables) {
    for (const TenantPath& path : table.tenant) {
      if (path.via.empty() || !check.map.tenants) continue;
      const TableName& last = path.via.back().table;
      const Table* end = find_table(check.map, last);
      if (last == check.map.tenants->table || (end != nullptr && !end->tenant.empty())) continue;
      check.fault(path.where, "it leads to " + last.text() +
                                  ", whose rows belong to no tenant; give that table a 'tenant'");
    }
  }
}

/// The sets whose rows can be found for a subject: roots, and what links to them.
std::set<std::string> reached(const DataMap& map) {
  std::set<std::string> names;
  for (bool grown = true; grown;) {
    grown = false;
    for (const SetRef& ref : record_sets(map)) {
      const auto& hangs_on = ref.set->links;
      const bool found = !ref.set->identities.empty() ||
                         std::any_of(hangs_on.begin(), hangs_on.end(),
                                     [&](const Link& link) { return names.count(link.to) > 0; });
      if (found) grown = names.insert(ref.set->name).second || grown;
    }
  }
  return names;
}

void check_reach(Validation& check) {
  const std::set<std::string> names = reached(check.map);
  for (const SetRef& ref : record_sets(check.map)) {
    const RecordSet& set = *ref.set;
    const Location where = within(set.where, "links");
    if (set.subject == about_nobody) {
      // Links among sets that are about nobody say what hangs on what.
      if (!set.identities.empty() || names.contains(set.name)) {
        check.fault(
            within(set.where, "subject"),
            "'" + set.name + "' has identities or links, so its rows are about somebody; say who");
      }
    } else if (names.count(set.name) == 0) {
      check.fault(where, "no subject leads to '" + set.name +
                             "': give it identities, or links to a set that has some; where its "
                             "rows are about nobody, say \"subject\": \"none\"");
    }
  }
}

}  // namespace

void check_graph(Validation& check, bool whole) {
  constexpr std::size_t most = 10'000;  // paths are followed by recursion
  if (check.set_names.size() > most) {
    check.fault(check.map.tables.front().where,
                "the map has more than " + std::to_string(most) + " record sets");
    return;
  }
  std::vector<std::string> sets;
  for (const SetRef& ref : record_sets(check.map)) sets.push_back(ref.set->name);
  check_cycles(check, links(check.map), sets,
               "links form a cycle, leave one out or make it an identity: ");
  check_cycles(check, clocks(check.map), sets, "clocks wait for each other: ");
  std::vector<std::string> tables;
  for (const Table& table : check.map.tables) tables.push_back(table.name.text());
  check_cycles(check, tenants(check.map), tables, "each takes its tenant from the other: ");
  if (!whole) return;
  check_tenant_ends(check);
  check_reach(check);
}

}  // namespace dsar
