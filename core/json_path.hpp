#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dsar {

/// One step of a path into a JSON value.
struct JsonStep {
  enum class Kind {
    member,       ///< `.name`, `."odd name"`, `['odd name']`
    any_member,   ///< `.*`
    element,      ///< `[0]`
    any_element,  ///< `[*]`
  };
  Kind kind = Kind::member;
  std::string name;       ///< of a member, as the key reads with its escapes undone
  std::size_t index = 0;  ///< of an element
};

/// The steps from the whole value (`$`, no steps) to a part of it.
using JsonPath = std::vector<JsonStep>;

/// Reads a path of the data map (dsarctl-map(5)): `$`, then `.name`, `."odd name"`, `.*`, `[*]`,
/// `[0]`, `['odd name']` or `["odd name"]`. Bare names end at a dot or a bracket. Throws Error
/// (usage) for anything else, among it `$..name` and filters, which SQL/JSON has and the map has
/// not.
JsonPath parse_json_path(std::string_view text);

}  // namespace dsar
