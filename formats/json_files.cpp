#include "formats/json_files.hpp"

#include <algorithm>
#include <system_error>

#include "core/error.hpp"

namespace dsar::formats {

std::vector<std::filesystem::path> json_files(const std::filesystem::path& path,
                                              const std::string& what) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  }
  if (error) throw Error(ExitCode::usage, "cannot read " + path.string() + ": " + error.message());
  if (paths.empty()) {
    throw Error(ExitCode::usage, "no " + what + " in " + path.string() + ": it has no *.json file");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace dsar::formats
