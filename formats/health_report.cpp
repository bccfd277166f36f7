#include "formats/health_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/printable.hpp"

namespace dsar::formats {

namespace {

/// `text` and blanks up to `width`; all of ours is ASCII.
std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  result.resize(std::max(result.size(), width) + 2, ' ');
  return result;
}

}  // namespace

std::string health_text(const std::vector<HealthLine>& lines) {
  constexpr std::size_t health_width = 7;  // `warning`
  std::size_t check_width = 0;
  for (const auto& line : lines) check_width = std::max(check_width, line.check.size());
  const std::string indent(health_width + check_width + 4, ' ');
  std::string text;
  for (const auto& line : lines) {
    text += padded(to_string(line.health), health_width) + padded(line.check, check_width) +
            printable(line.message) + '\n';
    if (!line.hint.empty()) text += indent + printable(line.hint) + '\n';
  }
  return text;
}

nlohmann::ordered_json health_json(const std::vector<HealthLine>& lines) {
  auto checks = nlohmann::ordered_json::array();
  auto worst = Health::ok;
  for (const auto& line : lines) {
    nlohmann::ordered_json check{{"check", line.check},
                                 {"health", std::string(to_string(line.health))},
                                 {"message", line.message}};
    if (!line.hint.empty()) check["hint"] = line.hint;
    checks.push_back(std::move(check));
    worst = std::max(worst, line.health);
  }
  return {{"health", std::string(to_string(worst))}, {"checks", std::move(checks)}};
}

}  // namespace dsar::formats
