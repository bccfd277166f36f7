#include "core/finding.hpp"

#include <algorithm>
#include <tuple>

namespace dsar {
namespace {

Finding of_waiver(const Waiver& waiver, std::string rule, std::string message) {
  return {std::move(rule),
          Severity::warning,
          waiver.subject,
          std::move(message),
          "Remove the waiver, or renew it with a reason.",
          waiver.where};
}

}  // namespace

Findings apply_waivers(std::vector<Finding> findings, const std::vector<Waiver>& waivers,
                       Date today) {
  Findings result;
  for (const auto& waiver : waivers) {
    // ISO dates order as texts do.
    if (waiver.expires < iso_text(today)) {
      findings.push_back(
          of_waiver(waiver, "expired-waiver",
                    "the waiver of " + waiver.finding + " expired on " + waiver.expires));
      continue;
    }
    const auto accepted = [&](const Finding& finding) {
      return finding.rule == waiver.finding && finding.subject == waiver.subject;
    };
    const auto first = std::stable_partition(findings.begin(), findings.end(),
                                             [&](const Finding& f) { return !accepted(f); });
    if (first == findings.end())
      result.open.push_back(
          of_waiver(waiver, "unused-waiver", "nothing needs the waiver of " + waiver.finding));
    for (auto it = first; it != findings.end(); ++it)
      result.waived.push_back({std::move(*it), waiver.reason});
    findings.erase(first, findings.end());
  }
  std::move(findings.begin(), findings.end(), std::back_inserter(result.open));
  const auto key = [](const Finding& f) { return std::tie(f.rule, f.subject, f.message); };
  std::sort(result.open.begin(), result.open.end(),
            [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  // Several record sets of a table may meet the same fault.
  const auto last =
      std::unique(result.open.begin(), result.open.end(),
                  [&](const Finding& a, const Finding& b) { return key(a) == key(b); });
  result.open.erase(last, result.open.end());
  return result;
}

}  // namespace dsar
