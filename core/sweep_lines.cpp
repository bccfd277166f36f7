#include "core/sweep_lines.hpp"

#include <utility>

#include "core/rfc3339.hpp"

namespace dsar {

PlanLines::PlanLines(const std::vector<SetSchedule>& schedule, std::vector<SweepLine>& lines)
    : lines_(lines) {
  for (const auto& one : schedule) slugs_[one.tenant->key] = one.tenant->slug;
}

SweepLine& PlanLines::of(const SetRef& set, const std::string& tenant_key,
                         const EffectiveRule* rule, SweepAction action) {
  const auto known = slugs_.find(tenant_key);
  const auto& slug = known == slugs_.end() ? tenant_key : known->second;
  const auto id = rule == nullptr ? std::string() : rule->rule->id;
  for (auto& line : lines_) {
    if (line.tenant == slug && line.set == set.set->name && line.rule == id &&
        line.action == to_string(action))
      return line;
  }
  SweepLine line;
  line.tenant = slug;
  line.set = set.set->name;
  line.table = set.table->name.text();
  line.rule = id;
  if (rule != nullptr) line.clause = to_text(rule->rule->citation);
  line.action = to_string(action);
  if (rule == nullptr) line.reason = "what it hung on is gone";
  lines_.push_back(std::move(line));
  return lines_.back();
}

void describe(SweepLine& line, const SetSchedule& one, const EffectiveRule* rule,
              bool with_cut_off) {
  for (const auto& scheduled : one.lines) {
    if (scheduled.rule != rule) continue;
    if (scheduled.state != LineState::by_clock && scheduled.state != LineState::all_due &&
        scheduled.state != LineState::by_event)
      continue;
    line.reason = reason(scheduled, *one.tenant);
    if (with_cut_off && scheduled.cut_off) line.cut_off = rfc3339(scheduled.cut_off->instant);
  }
}

}  // namespace dsar
