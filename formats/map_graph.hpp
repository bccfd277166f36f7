#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/map/data_map.hpp"

/// The data map drawn: record sets, how they hang on each other, what they hold.
namespace dsar::formats {

/// For a terminal: per record set its table, category, ways to the subject with their hops, clock,
/// erasure and personal columns.
std::string map_text(const DataMap& map);

/// The same facts for machines.
nlohmann::ordered_json map_json(const DataMap& map);

/// A directed graph in Graphviz's language: an arrow from each record set to what it hangs on.
std::string map_dot(const DataMap& map);

}  // namespace dsar::formats
