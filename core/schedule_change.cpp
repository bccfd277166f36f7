#include "core/schedule_change.hpp"

#include <algorithm>

namespace dsar {
namespace {

/// The event is the tenant's; rows may have one of the same name beside it.
bool is_of_tenant(const ViewedLine& line) {
  const auto state = from_string<LineState>(line.state);
  return state == LineState::all_due || state == LineState::waiting ||
         state == LineState::not_happened;
}

bool same_place(const ViewedLine& a, const ViewedLine& b) {
  return a.set == b.set && a.rule == b.rule && a.clock == b.clock &&
         is_of_tenant(a) == is_of_tenant(b);
}

/// The same to whoever reads the schedule.
bool same_meaning(const ViewedLine& a, const ViewedLine& b) {
  return a.state == b.state && a.reason == b.reason && a.action == b.action &&
         a.cut_off == b.cut_off && a.since == b.since;
}

LineChangeKind kind_of(const ViewedLine& before, const ViewedLine& after) {
  if (before.state != after.state || before.action != after.action) return LineChangeKind::changed;
  if (before.cut_off && after.cut_off && before.cut_off != after.cut_off)
    return *before.cut_off < *after.cut_off ? LineChangeKind::sooner : LineChangeKind::later;
  if (before.since && after.since && before.since != after.since)
    return *after.since < *before.since ? LineChangeKind::sooner : LineChangeKind::later;
  return LineChangeKind::changed;
}

/// What a person reviews: rules, not the rows that go along with others by them.
bool is_rule(const ViewedLine& line) {
  return !line.rule.empty() && from_string<LineState>(line.state).has_value();
}

std::vector<LineChange> changed_lines(const TenantSchedule& before, const TenantSchedule& after) {
  std::vector<LineChange> changes;
  const auto find = [](const TenantSchedule& in, const ViewedLine& line) {
    return std::find_if(in.lines.begin(), in.lines.end(), [&](const ViewedLine& other) {
      return is_rule(other) && same_place(other, line);
    });
  };
  for (const auto& line : before.lines) {
    if (!is_rule(line)) continue;
    const auto now = find(after, line);
    if (now == after.lines.end()) {
      changes.push_back({LineChangeKind::vanishes, line, std::nullopt});
    } else if (!same_meaning(line, *now)) {
      changes.push_back({kind_of(line, *now), line, *now});
    }
  }
  for (const auto& line : after.lines) {
    if (is_rule(line) && find(before, line) == before.lines.end())
      changes.push_back({LineChangeKind::appears, std::nullopt, line});
  }
  return changes;
}

void count(const TenantSchedule& tenant, std::uint64_t SetChange::*into,
           std::vector<SetChange>& sets) {
  for (const auto& line : tenant.lines) {
    auto known = std::find_if(sets.begin(), sets.end(),
                              [&](const SetChange& one) { return one.set == line.set; });
    if (known == sets.end()) known = sets.insert(sets.end(), SetChange{line.set});
    (*known).*into += line.rows.due;
  }
}

}  // namespace

std::vector<TenantChange> compare_schedules(const ScheduleView& before, const ScheduleView& after) {
  std::vector<TenantChange> changes;
  for (const auto& tenant : before.tenants) {
    const auto then =
        std::find_if(after.tenants.begin(), after.tenants.end(),
                     [&](const TenantSchedule& one) { return one.tenant == tenant.tenant; });
    const TenantSchedule none;
    const auto& now = then == after.tenants.end() ? none : *then;
    TenantChange change;
    change.tenant = tenant.tenant;
    change.lines = changed_lines(tenant, now);
    count(tenant, &SetChange::due, change.sets);
    count(now, &SetChange::then_due, change.sets);
    std::erase_if(change.sets, [](const SetChange& one) { return one.due == one.then_due; });
    if (!change.lines.empty() || !change.sets.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace dsar
