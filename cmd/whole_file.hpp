#pragma once

#include <string>

namespace dsar::cmd {

/// The bytes of a small file. Throws Error (usage) where it cannot be read.
std::string read_whole_file(const std::string& path);

}  // namespace dsar::cmd
