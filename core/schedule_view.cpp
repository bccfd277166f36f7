#include "core/schedule_view.hpp"

#include <algorithm>
#include <utility>

#include "core/next_due.hpp"

namespace dsar {
namespace {

/// Lines by which a sweep takes rows, or finds those that it must not.
bool takes(LineState state) {
  return state == LineState::by_clock || state == LineState::by_event ||
         state == LineState::all_due;
}

/// What the line does to rows that it takes; empty for one that takes none.
std::string action_of(const SetSchedule& one, const ScheduleLine& line) {
  if (!takes(line.state) && line.state != LineState::waiting) return {};
  std::vector<const DueCut*> cuts;
  if (one.whole) cuts.push_back(&*one.whole);
  if (one.by_clock) cuts.push_back(&*one.by_clock);
  if (one.renewed) cuts.push_back(&one.renewed->cut);
  for (const auto& event : one.by_event) cuts.push_back(&event.cut);
  for (const auto* cut : cuts) {
    if (cut->rule == line.rule) return std::string(to_string(cut->action));
  }
  const bool removes = line.rule->rule->action == RuleAction::delete_row;
  return std::string(to_string(removes ? SweepAction::remove : SweepAction::mask));
}

class View {
 public:
  View(const SweepResult& result, const std::function<ComingDue(const SetSchedule&)>& coming)
      : result_(result), used_(result.lines.size(), false), coming_(coming) {}

  TenantSchedule tenant(const std::string& slug, const std::vector<const SetSchedule*>& schedules) {
    TenantSchedule tenant;
    tenant.tenant = slug;
    tenant.zone = schedules.front()->tenant->zone;
    for (const auto* one : schedules) {
      // Counts go to the line that takes rows; a floor has its own.
      for (const bool taking : {true, false}) {
        for (const auto& line : one->lines) {
          if (takes(line.state) == taking) tenant.lines.push_back(viewed(*one, line));
        }
      }
    }
    add_rest(tenant);
    return tenant;
  }

 private:
  ViewedLine viewed(const SetSchedule& one, const ScheduleLine& line) {
    ViewedLine viewed;
    viewed.set = one.set.set->name;
    viewed.table = one.set.table->name.text();
    viewed.rule = line.rule->rule->id;
    viewed.clause = to_text(line.rule->rule->citation);
    viewed.state = to_string(line.state);
    if (line.event) viewed.clock = to_string(*line.event);
    viewed.reason = reason(line, *one.tenant);
    viewed.cut_off = line.cut_off;
    viewed.since = line.since;
    viewed.action = action_of(one, line);
    for (std::size_t i = 0; i < result_.lines.size(); ++i) {
      const auto& counted = result_.lines[i];
      if (used_[i] || counted.tenant != one.tenant->slug || counted.set != viewed.set ||
          counted.rule != viewed.rule)
        continue;
      used_[i] = true;
      viewed.action = counted.action;
      viewed.rows = counted;
      viewed.oldest = counted.oldest;
      break;
    }
    const auto* counted = counted_cut(one);
    if (line.state == LineState::by_clock && counted != nullptr && counted->rule == line.rule)
      add_coming(one, viewed);
    if (line.state == LineState::waiting) viewed.next_due = line.since;
    viewed.works = takes(line.state) || line.state == LineState::waiting ||
                   (line.state == LineState::keeps && line.cut_off);
    return viewed;
  }

  void add_coming(const SetSchedule& one, ViewedLine& viewed) const {
    const auto coming = coming_(one);
    viewed.next_due = coming.due;
    if (viewed.oldest.empty() && viewed.rows.due == 0 && coming.oldest)
      viewed.oldest = to_text(*coming.oldest);
  }

  /// Rows that go with others, by a rule that says nothing of their own record set.
  void add_rest(TenantSchedule& tenant) {
    for (std::size_t i = 0; i < result_.lines.size(); ++i) {
      const auto& counted = result_.lines[i];
      if (used_[i] || counted.tenant != tenant.tenant) continue;
      used_[i] = true;
      ViewedLine viewed;
      viewed.set = counted.set;
      viewed.table = counted.table;
      viewed.rule = counted.rule;
      viewed.clause = counted.clause;
      viewed.state = "goes-along";
      viewed.reason = counted.reason;
      viewed.action = counted.action;
      viewed.oldest = counted.oldest;
      viewed.rows = counted;
      viewed.works = true;
      tenant.lines.push_back(std::move(viewed));
    }
  }

  const SweepResult& result_;
  std::vector<bool> used_;
  const std::function<ComingDue(const SetSchedule&)>& coming_;
};

}  // namespace

std::uint64_t ScheduleView::due() const {
  std::uint64_t sum = 0;
  for (const auto& tenant : tenants) {
    for (const auto& line : tenant.lines) sum += line.rows.due;
  }
  return sum;
}

ScheduleView view_schedule(std::string policy, const std::vector<const SetSchedule*>& schedules,
                           const SweepResult& result,
                           const std::function<ComingDue(const SetSchedule&)>& coming) {
  ScheduleView view;
  view.policy = std::move(policy);
  view.as_of = result.as_of;
  view.cannot_see = result.cannot_see;
  std::vector<std::pair<const SweepTenant*, std::vector<const SetSchedule*>>> tenants;
  for (const auto* one : schedules) {
    const auto known = std::find_if(tenants.begin(), tenants.end(),
                                    [&](const auto& entry) { return entry.first == one->tenant; });
    if (known == tenants.end()) {
      tenants.push_back({one->tenant, {one}});
    } else {
      known->second.push_back(one);
    }
  }
  View viewed(result, coming);
  for (const auto& [tenant, own] : tenants)
    view.tenants.push_back(viewed.tenant(tenant->slug, own));
  return view;
}

}  // namespace dsar
