#pragma once

#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "core/erased_object.hpp"

namespace dsar::cmd {

/// What is reported of objects, from lines of JSON as they were listed; without a `state` such a
/// line says that the object has been deleted. `path` is a file, or - for standard input. Throws
/// Error (usage) for a line that is none of the list.
std::vector<ObjectReport> reported_objects(const std::string& path, const Context& context);

}  // namespace dsar::cmd
