#include <algorithm>
#include <set>

#include "core/map/own_schema.hpp"
#include "core/rectification.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {
namespace {

/// SQL/JSON's spelling of a path of the map's.
std::string sql_json_path(const JsonPath& path) {
  std::string text = "$";
  for (const auto& step : path) {
    switch (step.kind) {
      case JsonStep::Kind::member:
        text += ".\"";
        for (const char c : step.name) {
          if (c == '"' || c == '\\') text += '\\';
          text += c;
        }
        text += '"';
        break;
      case JsonStep::Kind::any_member:
        text += ".*";
        break;
      case JsonStep::Kind::element:
        text += "[" + std::to_string(step.index) + "]";
        break;
      case JsonStep::Kind::any_element:
        text += "[*]";
        break;
    }
  }
  return text;
}

bool is_json(const CatalogueColumn& column) {
  const auto& type = column.base_type;
  return type == "json" || type == "jsonb" || type == "json[]" || type == "jsonb[]";
}

/// How values of the category are compared: as identities of the first kind that has it.
const IdentityKind* kind_of(const DataMap& map, const std::string& category) {
  const auto found =
      std::find_if(map.identities.begin(), map.identities.end(),
                   [&](const IdentityKind& kind) { return kind.category == category; });
  return found == map.identities.end() ? nullptr : &*found;
}

/// Finds the places of one category in one record set.
class Finder {
 public:
  Finder(const DataMap& map, const Catalogue& catalogue, const SetSelection& selection,
         const std::string& category)
      : map_(map),
        set_(selection.set),
        table_(live_table(catalogue, selection.set.table->name)),
        category_(category) {}

  std::vector<Place> places() {
    for (const auto& ref : record_sets(map_)) {
      for (const auto& source : ref.set->identities) add_identity(ref, source);
    }
    for (const auto& column : table_.columns) {
      const auto* rule = personal_rule(column.name);
      if (rule == nullptr) continue;
      add_json(column, *rule);
      if (covered_.count(column.name) == 0) add_plain(column, *rule);
    }
    return std::move(places_);
  }

 private:
  [[nodiscard]] const ColumnRule* personal_rule(const std::string& column) const {
    const auto* live = find_column(table_, column);
    const auto* rule = column_rule(set_, column);
    const bool personal =
        live != nullptr && live->readable && rule != nullptr && rule->use == ColumnUse::personal;
    return personal ? rule : nullptr;
  }

  /// The columns of this table that the source reads its values from; none where it reads another
  /// table's, or some that are keys.
  [[nodiscard]] std::vector<std::string> columns_of(const SetRef& ref,
                                                    const IdentitySource& source) const {
    if ((source.via.empty() ? ref.table->name : source.via.back().table) != table_.name) return {};
    std::vector<std::string> columns = source.columns;
    if (!source.json_column.empty()) columns = {source.json_column};
    if (source.expression) {
      if (!source.via.empty()) return {};
      for (const auto& used : referenced_names(source.expression->text)) {
        const auto* rule = personal_rule(used.name);
        if (rule != nullptr && falls_under(rule->category, category_)) columns = {used.name};
      }
    }
    const bool all = std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
      return personal_rule(column) != nullptr;
    });
    return all ? columns : std::vector<std::string>{};
  }

  void add_identity(const SetRef& ref, const IdentitySource& source) {
    const auto* kind = find_identity(map_, source.kind);
    if (kind == nullptr || !falls_under(kind->category, category_)) return;
    const auto columns = columns_of(ref, source);
    if (columns.empty()) return;
    auto here = source;
    here.via.clear();
    auto& place = place_in(columns, kind);
    const bool known =
        std::any_of(place.values.begin(), place.values.end(), [&](const IdentitySource& other) {
          return other.json_path == here.json_path &&
                 other.expression.has_value() == here.expression.has_value();
        });
    if (!known) place.values.push_back(std::move(here));
    place.json = !source.json_column.empty();
    place.inside.clear();
    covered_.insert(columns.begin(), columns.end());
  }

  void add_json(const CatalogueColumn& column, const ColumnRule& rule) {
    if (!is_json(column)) return;
    for (const auto& inside : rule.json) {
      if (inside.secret || !falls_under(inside.category, category_)) continue;
      const bool anywhere = covered_.count(column.name) != 0 && place_there(column.name);
      auto& place = place_in({column.name}, kind_of(map_, inside.category));
      IdentitySource source;
      source.json_column = column.name;
      const auto path = parse_json_path(inside.path);
      source.json_path = sql_json_path(path);
      place.values.push_back(std::move(source));
      place.json = true;
      place.third_party = place.third_party || inside.third_party.has_value();
      if (!anywhere) place.inside.push_back(path);
    }
    if (place_there(column.name)) covered_.insert(column.name);
  }

  void add_plain(const CatalogueColumn& column, const ColumnRule& rule) {
    auto category = rule.category;
    if (!falls_under(category, category_)) {
      category = copied_category(rule);
      if (!falls_under(category, category_)) return;
    }
    auto& place = place_in({column.name}, kind_of(map_, category));
    IdentitySource source;
    source.columns = {column.name};
    source.array = column.category == 'A';
    place.values.push_back(std::move(source));
  }

  /// The category of what the column repeats; empty: it is no copy.
  [[nodiscard]] std::string copied_category(const ColumnRule& rule) const {
    if (!rule.copy_of) return {};
    const auto dot = rule.copy_of->find('.');
    const auto of = find_set(map_, rule.copy_of->substr(0, dot));
    if (of.set == nullptr || dot == std::string::npos) return {};
    const auto* original = column_rule(of, rule.copy_of->substr(dot + 1));
    return original == nullptr ? std::string() : original->category;
  }

  [[nodiscard]] bool place_there(const std::string& column) const {
    return std::any_of(places_.begin(), places_.end(), [&](const Place& place) {
      return place.columns == std::vector<std::string>{column};
    });
  }

  /// The place of these columns, a new one where there is none yet.
  Place& place_in(const std::vector<std::string>& columns, const IdentityKind* kind) {
    for (auto& place : places_) {
      if (place.columns == columns) return place;
    }
    Place place;
    place.set = set_;
    place.columns = columns;
    place.kind = kind;
    for (const auto& name : columns) {
      const auto& rule = *personal_rule(name);
      place.third_party = place.third_party || !rule.third_parties.empty();
      place.copy = place.copy || rule.copy_of.has_value();
      if (find_column(table_, name)->generated) place.fate = PlaceFate::follows;
      if (rule.historic) place.fate = PlaceFate::historic;
    }
    if (!set_.set->erase.unless_referenced_by.empty()) place.fate = PlaceFate::others;
    return places_.emplace_back(std::move(place));
  }

  const DataMap& map_;
  SetRef set_;
  const CatalogueTable& table_;
  const std::string& category_;
  std::vector<Place> places_;
  std::set<std::string> covered_;  ///< columns that an identity or a rule of JSON is about
};

bool is_within(const Place& place, const std::vector<Within>& within) {
  if (within.empty()) return true;
  return std::any_of(within.begin(), within.end(), [&](const Within& bounds) {
    return bounds.set == place.set.set->name &&
           (bounds.column.empty() || std::find(place.columns.begin(), place.columns.end(),
                                               bounds.column) != place.columns.end());
  });
}

}  // namespace

std::vector<Place> places_of(const DataMap& map, const Catalogue& catalogue,
                             const std::vector<SetSelection>& selections,
                             const std::string& category, const std::vector<Within>& within) {
  std::vector<Place> places;
  for (const auto& selection : selections) {
    if (selection.paths.empty() || is_own(selection.set.table->name)) continue;
    // Rows that mention the subject are somebody else's.
    auto paths = selection.paths;
    const auto theirs = std::stable_partition(
        paths.begin(), paths.end(),
        [](const ReachPath& path) { return path.relation != Relation::mentions; });
    const auto own = static_cast<std::size_t>(theirs - paths.begin());
    for (auto& place : Finder(map, catalogue, selection, category).places()) {
      if (!is_within(place, within)) continue;
      if (own < paths.size()) {
        auto mentioned = place;
        mentioned.paths = paths;
        mentioned.first_path = own;
        mentioned.fate = PlaceFate::others;
        places.push_back(std::move(mentioned));
      }
      if (own == 0) continue;
      place.paths.assign(paths.begin(), theirs);
      places.push_back(std::move(place));
    }
  }
  return places;
}

}  // namespace dsar
