#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/location.hpp"
#include "core/map/data_map.hpp"
#include "core/period.hpp"

/// Findings: what does not agree between the map, the policy and a live catalogue.
namespace dsar {

enum class Severity { error, warning };

struct Finding {
  std::string rule;  ///< stable id in kebab-case, e.g. `unclassified-column`
  Severity severity = Severity::error;
  std::string subject;  ///< what it is about: schema.table, schema.table.column or a record set
  std::string message;  ///< one line, no full stop, no value from the database
  std::string hint;     ///< full sentence; may be empty
  Location where;       ///< in the map; without a line where the map says nothing of it
};

/// Findings as they are made.
class FindingList {
 public:
  void add(std::string rule, std::string subject, std::string message, std::string hint,
           const Location& where, Severity severity = Severity::error) {
    findings_.push_back({std::move(rule), severity, std::move(subject), std::move(message),
                         std::move(hint), where});
  }
  std::vector<Finding> take() { return std::move(findings_); }

 private:
  std::vector<Finding> findings_;
};

/// A finding that the map's waivers accept, with the reason that they give.
struct WaivedFinding {
  Finding finding;
  std::string reason;
};

struct Findings {
  std::vector<Finding> open;
  std::vector<WaivedFinding> waived;
};

/// Takes out what a waiver accepts on this date; a waiver that has expired, or that nothing needs
/// any more, is itself a finding. Ordered by rule and subject.
Findings apply_waivers(std::vector<Finding> findings, const std::vector<Waiver>& waivers,
                       Date today);

}  // namespace dsar
