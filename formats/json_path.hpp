#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dsar::formats {

/// One step of a path into a JSON value.
struct JsonStep {
  enum class Kind {
    member,       ///< `.name`, `."odd name"`, `['odd name']`
    any_member,   ///< `.*`
    any_element,  ///< `[*]`
  };
  Kind kind = Kind::member;
  std::string name;  ///< of a member, as the key reads with its escapes undone
};

/// The steps from the whole value (`$`, no steps) to a part of it.
using JsonPath = std::vector<JsonStep>;

/// Reads a path of the data map (dsarctl-map(5)): `$`, then `.name`, `.*`, `[*]`, `['odd name']`
/// or `["odd name"]`. Bare names end at a dot or a bracket. Throws Error (usage) for anything else,
/// among it `$..name`, indexes and filters, which SQL/JSON has and the map has not.
JsonPath parse_json_path(std::string_view text);

}  // namespace dsar::formats
