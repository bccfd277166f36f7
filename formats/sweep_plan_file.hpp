#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/map/data_map.hpp"
#include "core/sweep_result.hpp"

/// A sweep's plan as a file: what a person has looked at before it is carried out.
namespace dsar::formats {

/// A plan that was reviewed.
struct ReviewedPlan {
  Instant as_of;
  std::string database;
  std::string digest;            ///< of the file's content
  std::vector<SweepLine> lines;  ///< tenant, set, rule, clause, reason, action, cut_off, due
  std::vector<std::string> removes_tenants;  ///< slugs of tenants that go whole
  std::string planned_with;                  ///< id of the key that signed it; empty: none has
};

/// What a plan's file says beside what is due.
struct SweepPlanFacts {
  std::string database;
  std::vector<std::string> removes_tenants = {};  ///< slugs of tenants that go whole
  std::string planned_with = {};                  ///< id of the key that signs it; empty: none does
};

/// The file's content (formats/schemas/sweep-plan.schema.json).
std::string sweep_plan_text(const SweepResult& plan, const SweepPlanFacts& facts);

/// Throws Error (usage) that begins with `path` where the text is none, or was changed since it was
/// written.
ReviewedPlan read_sweep_plan(std::string_view text, const std::string& path);

/// Whether the text claims to be one.
bool is_sweep_plan(std::string_view text);

/// For a person at a terminal, and as JSON.
std::string sweep_plan_report(const ReviewedPlan& plan);
nlohmann::ordered_json sweep_plan_json(const ReviewedPlan& plan);

/// What the sweep would now do beyond the plan: a rule, a cut-off or rows that it does not have.
/// Copies of planned rows that a run of it, killed in the midst, has left are not beyond it.
/// Empty: it still holds.
std::vector<std::string> beyond_plan(const ReviewedPlan& reviewed, const SweepResult& now,
                                     const DataMap& map, const std::string& database);

}  // namespace dsar::formats
