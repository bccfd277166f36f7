#include <algorithm>

#include "core/map/categories.hpp"
#include "core/map/validation.hpp"
#include "core/policy_terms.hpp"
#include "core/sql_fragment.hpp"
#include "core/suggest.hpp"
#include "core/zone.hpp"

namespace dsar {

bool is_safe_name(std::string_view text) {
  if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' ||
           letter == '-';
  });
}

const std::set<std::string>& row_aliases() {
  static const std::set<std::string> aliases{"this"};
  return aliases;
}

void check_row_fragment(Validation& check, const std::optional<SqlFragment>& fragment) {
  if (fragment) check.add(check_fragment(*fragment, row_aliases(), true));
}

void check_zone(Validation& check, const Location& where, const std::string& zone) {
  if (zone.empty()) return;
  try {
    static_cast<void>(Zone::named(zone));
  } catch (const Error& error) {
    check.fault(where, error.what());
  }
}

void check_category(Validation& check, const Location& where, const std::string& category) {
  if (is_known_category(category)) return;
  check.fault(where, "unknown category of personal data '" + category + "'" +
                         did_you_mean(category, known_categories()));
}

std::set<std::string> check_hops(Validation& check, const std::vector<Hop>& hops) {
  std::set<std::string> aliases = row_aliases();
  for (const Hop& hop : hops) {
    const Location where = within(hop.where, "as");
    if (hop.alias == "this" || hop.alias == "that") {
      check.fault(where, "'" + hop.alias + "' means a row of a record set; choose another alias");
    } else if (!is_safe_name(hop.alias) || hop.alias.find('-') != std::string::npos) {
      check.fault(where, "the alias '" + hop.alias +
                             "' cannot stand in a fragment; give one of lower-case letters, "
                             "digits and '_' with 'as'");
    } else if (!aliases.insert(hop.alias).second) {
      check.fault(where, "the alias '" + hop.alias +
                             "' occurs twice in one path; give each hop its own with 'as'");
    }
    if (hop.match.empty() && !hop.on) {
      check.fault(hop.where, "how the hop is joined is missing: 'match' or 'on'");
    }
    if (hop.on) check.add(check_fragment(*hop.on, aliases, false));
  }
  return aliases;
}

void check_event(Validation& check, const Location& where, const std::string& event) {
  if (from_string<ClockEvent>(event)) return;
  check.fault(where,
              "unknown clock event '" + event + "'" + did_you_mean(event, names_of<ClockEvent>()));
}

void check_set_name(Validation& check, const Location& where, const std::string& name) {
  if (check.set_names.count(name) > 0) return;
  const std::vector<std::string_view> names(check.set_names.begin(), check.set_names.end());
  check.fault(where, "no record set is called '" + name + "'" + did_you_mean(name, names));
}

void check_identity_name(Validation& check, const Location& where, const std::string& name) {
  if (find_identity(check.map, name) != nullptr) return;
  std::vector<std::string_view> names;
  for (const IdentityKind& kind : check.map.identities) names.push_back(kind.name);
  check.fault(where, "no identity is called '" + name + "'" + did_you_mean(name, names));
}

}  // namespace dsar
