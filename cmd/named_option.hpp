#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/enum_names.hpp"
#include "core/error.hpp"
#include "core/sql.hpp"
#include "core/suggest.hpp"

namespace dsar::cmd {

/// The value of an option that takes one of an enum's names. Throws Error (usage) listing them.
template <NamedEnum E>
E named(std::string_view option, const std::string& name) {
  if (const auto value = from_string<E>(name)) return *value;
  std::vector<std::string_view> known;
  std::vector<std::string> list;
  for (const auto& entry : EnumNames<E>::table) {
    known.push_back(entry.name);
    list.emplace_back(entry.name);
  }
  throw Error(ExitCode::usage,
              std::string(option) + " does not know '" + name + "'" + did_you_mean(name, known),
              "It is one of: " + join(list, ", ") + ".");
}

}  // namespace dsar::cmd
