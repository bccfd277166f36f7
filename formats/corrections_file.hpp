#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/rectification.hpp"

namespace dsar::formats {

/// Corrections as a file has them, so that no value stands on a command line: a list of objects,
/// each with `category`, `old` (absent: as --set) and `new`. Throws Invalid (usage), which names
/// the place and never a value. `file`: what to call it.
std::vector<Correction> read_corrections(std::string_view text, const std::string& file);

}  // namespace dsar::formats
