#include "formats/map_graph.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/map/map_terms.hpp"
#include "core/map/own_schema.hpp"
#include "core/reach.hpp"
#include "formats/printable.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

/// `this.conversation_id = conversations.id and this.kind = 'x'`
std::string condition(const std::vector<ColumnPair>& pairs, const std::string& near,
                      const std::string& far, const std::optional<SqlFragment>& on) {
  std::vector<std::string> parts;
  for (const auto& pair : pairs)
    parts.push_back(near + "." + pair.near + " = " + far + "." + pair.far);
  if (on) parts.push_back(on->text);
  return join(parts, " and ");
}

/// One line a hop.
std::vector<std::string> hops_of(const Link& link) {
  std::vector<std::string> lines;
  std::string near = "this";
  for (const auto& hop : link.via) {
    lines.push_back("via " + hop.table.text() + " as " + hop.alias + ": " +
                    condition(hop.match, near, hop.alias, hop.on));
    near = hop.alias;
  }
  const auto joined = condition(link.match, near, "that", link.on);
  lines.push_back("to " + link.to + (joined.empty() ? "" : ": " + joined));
  return lines;
}

std::string clock_text(const RecordSet& set) {
  if (!set.clock) return "none";
  const auto& clock = *set.clock;
  if (!clock.parents.empty()) return "as " + join(clock.parents, " or ");
  std::string text = clock.expression->text;
  if (!clock.childless.empty()) text += ", and no " + join(clock.childless, " and no ") + " left";
  return text;
}

std::string erase_text(const EraseRule& erase) {
  std::string text(to_string(erase.action));
  if (!erase.ground.empty()) text += ": " + erase.ground + " (" + erase.citation + ")";
  if (erase.mask_kept) text += ", masked";
  std::vector<std::string> tables;
  for (const auto& reference : erase.unless_referenced_by) tables.push_back(reference.table.text());
  if (!tables.empty()) text += ", unless referenced by " + join(tables, " or ");
  for (const auto& [reference, to] : erase.repoint_references)
    text += "; " + reference.table.text() + "." + reference.match.front().near + " to " + to.text;
  return text;
}

/// Category → its columns, of the set's personal columns.
std::map<std::string, std::vector<std::string>> personal_columns(const SetRef& ref) {
  std::map<std::string, std::vector<std::string>> columns;
  std::set<std::string> names;
  for (const auto* rules : {&ref.set->columns, &ref.table->columns}) {
    for (const auto& rule : *rules) {
      if (!names.insert(rule.name).second) continue;
      if (rule.use == ColumnUse::personal) columns[rule.category].push_back(rule.name);
      if (rule.use == ColumnUse::secret) columns["secret"].push_back(rule.name);
      for (const auto& path : rule.json)
        columns[path.secret ? "secret" : path.category].push_back(rule.name + " " + path.path);
    }
  }
  return columns;
}

std::string tenant_text(const Table& table) {
  std::vector<std::string> paths;
  for (const auto& path : table.tenant) {
    std::vector<std::string> tables;
    for (const auto& hop : path.via) tables.push_back(hop.table.name);
    paths.push_back((path.via.empty() ? "column " + path.column : "of " + join(tables, ", ")) +
                    (path.when ? " where " + path.when->text : ""));
  }
  return paths.empty() ? "every tenant's" : join(paths, "; ");
}

/// `consent-withdrawn: consents.withdrawn_at, via helpdesk.consents`
std::string event_text(const SetEvent& event) {
  std::string text = event.event + ": " + event.expression.text;
  std::vector<std::string> tables;
  for (const auto& hop : event.via) tables.push_back(hop.table.text());
  if (!tables.empty()) text += ", via " + join(tables, ", ");
  if (event.unless) text += ", unless " + event.unless->text;
  return text;
}

std::string identities_text(const RecordSet& set) {
  std::set<std::string> kinds;
  for (const auto& source : set.identities) kinds.insert(source.kind);
  return join({kinds.begin(), kinds.end()}, ", ");
}

void add_set(std::string& text, const SetReach& reach, bool tenants) {
  const auto& set = *reach.set.set;
  text += "\n" + set.name + "  (" + reach.set.table->name.text() +
          (is_own(reach.set.table->name) ? ", built in)\n" : ")\n");
  TextTable facts({{""}, {""}});
  facts.add({"category", set.category + ", subject " + set.subject + ", " +
                             std::string(to_string(set.relation))});
  if (set.predicate) facts.add({"rows", set.predicate->text});
  if (tenants) facts.add({"tenant", tenant_text(*reach.set.table)});
  if (!set.identities.empty()) facts.add({"identities", identities_text(set)});
  for (const auto& link : set.links) {
    const auto hops = hops_of(link);
    for (std::size_t i = 0; i < hops.size(); ++i) facts.add({i == 0 ? "link" : "", hops[i]});
  }
  for (const auto& path : reach.paths) {
    if (!path.steps.empty()) facts.add({"way", describe(path)});
  }
  facts.add({"clock", clock_text(set)});
  for (const auto& event : set.events) facts.add({"event", event_text(event)});
  facts.add({"erase", erase_text(set.erase)});
  if (set.legal_ground) facts.add({"ground", set.legal_ground->text});
  for (const auto& [choice, column] : set.recorded_in)
    facts.add({"records", std::string(to_string(choice)) + " in " + column});
  for (const auto& [category, columns] : personal_columns(reach.set))
    facts.add({category == "secret" ? "secret" : "holds",
               category == "secret" ? join(columns, ", ") : category + ": " + join(columns, ", ")});
  text += facts.text(2);
}

/// A quoted string of Graphviz's language.
std::string dot_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string map_text(const DataMap& map) {
  const auto reach = plan_reach(map);
  const auto not_personal = std::count_if(map.tables.begin(), map.tables.end(), [](const Table& t) {
    return t.not_personal.has_value();
  });
  std::string text = std::to_string(reach.size()) + " record sets in " +
                     std::to_string(map.tables.size() - static_cast<std::size_t>(not_personal)) +
                     " tables; " + std::to_string(not_personal) + " tables not personal\n";
  TextTable kinds({{"identity"}, {"category"}, {"strength"}, {"compared"}});
  for (const auto& kind : map.identities)
    kinds.add({kind.name, kind.category, std::string(to_string(kind.strength)),
               std::string(to_string(kind.normalisation))});
  text += kinds.text();
  for (const auto& each : reach) add_set(text, each, map.tenants.has_value());
  return text;
}

Json map_json(const DataMap& map) {
  Json identities = Json::array();
  for (const auto& kind : map.identities)
    identities.push_back({{"kind", kind.name},
                          {"category", kind.category},
                          {"strength", to_string(kind.strength)},
                          {"normalise", to_string(kind.normalisation)}});
  Json sets = Json::array();
  for (const auto& reach : plan_reach(map)) {
    const auto& set = *reach.set.set;
    Json ways = Json::array();
    for (const auto& path : reach.paths) ways.push_back(describe(path));
    Json links = Json::array();
    for (const auto& link : set.links) links.push_back({{"to", link.to}, {"hops", hops_of(link)}});
    Json item{{"set", set.name},
              {"table", reach.set.table->name.text()},
              {"built_in", is_own(reach.set.table->name)},
              {"category", set.category},
              {"subject", set.subject},
              {"relation", to_string(set.relation)}};
    if (map.tenants) item["tenant"] = tenant_text(*reach.set.table);
    if (set.predicate) item["where"] = set.predicate->text;
    item["links"] = std::move(links);
    item["ways"] = std::move(ways);
    item["clock"] = clock_text(set);
    Json events = Json::array();
    for (const auto& event : set.events) events.push_back(event_text(event));
    item["events"] = std::move(events);
    item["erase"] = erase_text(set.erase);
    if (set.legal_ground) item["legal_ground"] = set.legal_ground->text;
    Json choices = Json::object();
    for (const auto& [choice, column] : set.recorded_in)
      choices[std::string(to_string(choice))] = column;
    item["recorded_in"] = std::move(choices);
    if (!set.purpose_in.empty()) item["purpose_in"] = set.purpose_in;
    item["columns"] = personal_columns(reach.set);
    sets.push_back(std::move(item));
  }
  return {{"identities", std::move(identities)}, {"record_sets", std::move(sets)}};
}

std::string map_dot(const DataMap& map) {
  std::string text =
      "digraph data_map {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=sans];\n"
      "  edge [fontname=sans, fontsize=10];\n";
  for (const auto& ref : record_sets(map)) {
    const auto& set = *ref.set;
    text += "  " + dot_string(set.name) + " [label=" + dot_string(set.name + " | " + set.category) +
            (set.identities.empty() ? "" : ", style=\"rounded,filled\", fillcolor=lightyellow") +
            "];\n";
  }
  for (const auto& ref : record_sets(map)) {
    for (const auto& link : ref.set->links) {
      std::vector<std::string> via;
      for (const auto& hop : link.via) via.push_back(hop.table.name);
      text += "  " + dot_string(ref.set->name) + " -> " + dot_string(link.to);
      if (!via.empty()) text += " [label=" + dot_string("via " + join(via, ", ")) + "]";
      text += ";\n";
    }
  }
  return text + "}\n";
}

}  // namespace dsar::formats
