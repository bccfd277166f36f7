#include "cmd/object_lines.hpp"

#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace dsar::cmd {

std::vector<std::string> confirmed_objects(const std::string& path, const Context& context) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) throw Error(ExitCode::usage, path + ": cannot be read");
  }
  std::istream& in = path == "-" ? context.in : file;
  std::vector<std::string> ids;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    const auto object = nlohmann::json::parse(line, nullptr, false);
    if (!object.is_object() || !object.contains("id") || !object["id"].is_string())
      throw Error(ExitCode::usage,
                  path + ":" + std::to_string(number) + ": not a line of this list");
    ids.push_back(object["id"].get<std::string>());
    if (ids.back().find_first_not_of("0123456789") != std::string::npos || ids.back().empty())
      throw Error(ExitCode::usage, path + ":" + std::to_string(number) + ": the id is no number");
  }
  return ids;
}

}  // namespace dsar::cmd
