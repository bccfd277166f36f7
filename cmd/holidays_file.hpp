#pragma once

#include <string>

#include "core/holidays.hpp"

namespace dsar::cmd {

/// One date a line; empty lines and lines that begin with # do not count. No path: none. Throws
/// Error (usage) for a file that cannot be read or has a line that is no date.
Holidays read_holidays(const std::string& path);

}  // namespace dsar::cmd
