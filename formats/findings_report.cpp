#include "formats/findings_report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/printable.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

std::string place(const Location& where) {
  if (where.file.empty()) return {};
  return where.line == 0 ? where.file + ": " : where.file + ":" + std::to_string(where.line) + ": ";
}

std::string_view severity(const Finding& finding) {
  return finding.severity == Severity::error ? "error" : "warning";
}

Json finding_json(const Finding& finding) {
  return {{"rule", finding.rule},       {"severity", severity(finding)},
          {"subject", finding.subject}, {"message", finding.message},
          {"hint", finding.hint},       {"file", finding.where.file},
          {"line", finding.where.line}, {"pointer", finding.where.pointer}};
}

std::string counted(std::ptrdiff_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

}  // namespace

std::string findings_text(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings.open) {
    text += printable(place(finding.where) + std::string(severity(finding)) + ": " +
                      finding.subject + ": " + finding.message + " [" + finding.rule + "]") +
            "\n";
    if (!finding.hint.empty()) text += "  " + printable(finding.hint) + "\n";
  }
  const auto errors = std::count_if(findings.open.begin(), findings.open.end(),
                                    [](const auto& f) { return f.severity == Severity::error; });
  const auto warnings = static_cast<std::ptrdiff_t>(findings.open.size()) - errors;
  return text + counted(errors, "error") + ", " + counted(warnings, "warning") + ", " +
         std::to_string(findings.waived.size()) + " waived\n";
}

Json findings_json(const Findings& findings) {
  Json open = Json::array();
  for (const auto& finding : findings.open) open.push_back(finding_json(finding));
  Json waived = Json::array();
  for (const auto& each : findings.waived) {
    auto item = finding_json(each.finding);
    item["reason"] = each.reason;
    waived.push_back(std::move(item));
  }
  return {{"findings", std::move(open)}, {"waived", std::move(waived)}};
}

}  // namespace dsar::formats
