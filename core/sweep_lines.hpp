#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/sweep_conditions.hpp"
#include "core/sweep_result.hpp"

namespace dsar {

/// The lines of a plan in the making: one for each tenant, record set, rule and action.
class PlanLines {
 public:
  /// `lines` outlives this.
  PlanLines(const std::vector<SetSchedule>& schedule, std::vector<SweepLine>& lines);

  /// The line, new where there was none; valid until the next call.
  SweepLine& of(const SetRef& set, const std::string& tenant_key, const EffectiveRule* rule,
                SweepAction action);

 private:
  std::map<std::string, std::string> slugs_;
  std::vector<SweepLine>& lines_;
};

/// Writes into the line why its rows are due, and before which moment where that counts.
void describe(SweepLine& line, const SetSchedule& one, const EffectiveRule* rule,
              bool with_cut_off);

}  // namespace dsar
