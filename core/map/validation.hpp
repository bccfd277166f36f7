#pragma once

#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/enum_names.hpp"
#include "core/fault.hpp"
#include "core/map/data_map.hpp"

/// What the parts of validate() share.
namespace dsar {

/// The map that is being judged and what was found.
struct Validation {
  const DataMap& map;
  std::vector<Fault> faults;
  std::set<std::string> set_names;  ///< of the whole map

  void fault(Location where, std::string message) {
    faults.push_back({std::move(where), std::move(message)});
  }
  void add(std::vector<Fault> more) {
    faults.insert(faults.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
  }
};

// validate_parts.cpp
/// A lower-case letter, then lower-case letters, digits, `_` and `-`: safe as a file's name.
bool is_safe_name(std::string_view text);
/// The names that a fragment of one row may qualify by.
const std::set<std::string>& row_aliases();
void check_row_fragment(Validation& check, const std::optional<SqlFragment>& fragment);
void check_zone(Validation& check, const Location& where, const std::string& zone);
void check_category(Validation& check, const Location& where, const std::string& category);
/// Hops and their fragments; gives the aliases that are in sight behind the last hop.
std::set<std::string> check_hops(Validation& check, const std::vector<Hop>& hops);
void check_event(Validation& check, const Location& where, const std::string& event);
void check_set_name(Validation& check, const Location& where, const std::string& name);
void check_identity_name(Validation& check, const Location& where, const std::string& name);

// validate_tenants.cpp
void check_tenants(Validation& check);
void check_overrides(Validation& check);
void check_waivers(Validation& check);

/// The paths by which a table's rows belong to tenants.
void check_tenant_paths(Validation& check, const Table& table);

// validate_columns.cpp
void check_columns(Validation& check, const std::vector<ColumnRule>& columns);

// validate_sets.cpp
void check_set(Validation& check, const SetRef& ref);

// validate_clock.cpp
/// The clock of a set, its events and the ground to keep its rows.
void check_dates(Validation& check, const RecordSet& set);
/// Whether a link leads from the set to the one of that name.
bool links_to(const RecordSet& set, const std::string& name);

// validate_graph.cpp
/// Cycles of links, of clocks and of tenants, and in a whole map the sets that no subject leads to.
void check_graph(Validation& check, bool whole);

}  // namespace dsar
