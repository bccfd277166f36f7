#pragma once

#include <string>
#include <vector>

#include "cmd/context.hpp"

namespace dsar::cmd {

/// The ids of objects that have been removed, from lines of JSON as they were listed; `path` is a
/// file, or - for standard input. Throws Error (usage) for a line that is none of the list.
std::vector<std::string> confirmed_objects(const std::string& path, const Context& context);

}  // namespace dsar::cmd
