#pragma once

#include <string>

#include "core/map/data_map.hpp"
#include "core/sweep_result.hpp"

/// A sweep's plan as a file: what a person has looked at before it is carried out.
namespace dsar::formats {

/// A plan that was reviewed.
struct ReviewedPlan {
  Instant as_of;
  std::string database;
  std::string digest;            ///< of the file's content
  std::vector<SweepLine> lines;  ///< tenant, set, rule, action, cut_off, due
};

/// The file's content (formats/schemas/sweep-plan.schema.json).
std::string sweep_plan_text(const SweepResult& plan, const std::string& database);

/// Reads a plan file. Throws Error (usage) for what is none, or was changed since it was written.
ReviewedPlan read_sweep_plan(const std::string& path);

/// What the sweep would now do beyond the plan: a rule, a cut-off or rows that it does not have.
/// Copies of planned rows that a run of it, killed in the midst, has left are not beyond it.
/// Empty: it still holds.
std::vector<std::string> beyond_plan(const ReviewedPlan& reviewed, const SweepResult& now,
                                     const DataMap& map, const std::string& database);

}  // namespace dsar::formats
