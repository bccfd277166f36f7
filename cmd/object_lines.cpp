#include "cmd/object_lines.hpp"

#include <fstream>
#include <istream>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace dsar::cmd {
namespace {

ObjectReport report_of(const std::string& line, const std::string& where) {
  const auto refuse = [&](const char* why) { throw Error(ExitCode::usage, where + ": " + why); };
  const auto object = nlohmann::json::parse(line, nullptr, false);
  if (!object.is_object() || !object.contains("id") || !object["id"].is_string())
    refuse("not a line of this list");
  ObjectReport report{object["id"].get<std::string>()};
  if (report.id.empty() || report.id.find_first_not_of("0123456789") != std::string::npos)
    refuse("the id is no number");
  if (!object.contains("state") || object["state"].is_null()) return report;
  const auto state = object["state"].is_string()
                         ? from_string<ObjectState>(object["state"].get<std::string>())
                         : std::nullopt;
  if (!state) refuse("the state is none of deleted, not-found and failed");
  report.state = *state;
  return report;
}

}  // namespace

std::vector<ObjectReport> reported_objects(const std::string& path, const Context& context) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) throw Error(ExitCode::usage, path + ": cannot be read");
  }
  std::istream& in = path == "-" ? context.in : file;
  std::vector<ObjectReport> reports;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!line.empty()) reports.push_back(report_of(line, path + ":" + std::to_string(number)));
  }
  return reports;
}

}  // namespace dsar::cmd
