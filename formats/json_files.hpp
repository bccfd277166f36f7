#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dsar::formats {

/// The file, or a folder's `*.json` files in the order of their names. Throws Error (usage) where
/// the folder cannot be read or has none; `what`: what it should have held, e.g. `data map`.
std::vector<std::filesystem::path> json_files(const std::filesystem::path& path,
                                              const std::string& what);

}  // namespace dsar::formats
