#include "core/sweep_bounds.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace dsar {
namespace {

/// Rows that a sweep takes: of orphans nobody may know the tenant any more.
using Place = std::tuple<std::string, std::string, std::string, bool>;

Place place_of(const SweepLine& line) {
  const bool orphan = line.rule.empty();
  return {line.set, orphan ? "" : line.tenant, line.action, orphan};
}

}  // namespace

std::uint64_t copies_of_planned(const DataMap& map, const std::vector<SweepLine>& planned,
                                const std::string& set, const std::string& tenant) {
  const auto ref = find_set(map, set);
  if (ref.set == nullptr || !ref.set->clock || !ref.set->clock->undated_due) return 0;
  const auto& parents = ref.set->clock->parents;
  std::uint64_t rows = 0;
  for (const auto& line : planned) {
    const bool of_parent = std::find(parents.begin(), parents.end(), line.set) != parents.end();
    if (of_parent && line.action == "delete" && (tenant.empty() || line.tenant == tenant))
      rows += line.due;
  }
  return rows;
}

std::vector<std::string> rows_beyond(const DataMap& map, const std::vector<SweepLine>& planned,
                                     const std::vector<SweepLine>& done,
                                     const std::vector<SweepLine>& found) {
  std::map<Place, std::uint64_t> allowed;
  for (const auto& line : planned) allowed[place_of(line)] += line.due;
  std::map<Place, std::uint64_t> due;
  for (const auto& line : found) {
    if (line.due > 0) due[place_of(line)] += line.due;
  }
  std::vector<std::string> beyond;
  for (auto& [place, rows] : due) {
    const auto& [set, tenant, action, orphan] = place;
    for (const auto& line : done) {
      if (place_of(line) == place) rows += line.deleted + line.masked;
    }
    const auto most = allowed[place] + copies_of_planned(map, planned, set, tenant);
    if (rows <= most) continue;
    beyond.push_back((tenant.empty() ? "" : tenant + ", ") + set + ": " + std::to_string(rows) +
                     " rows instead of " + std::to_string(most));
  }
  return beyond;
}

SweepResult in_all(const SweepResult& done, SweepResult found) {
  for (const auto& line : done.lines) {
    const auto same = std::find_if(found.lines.begin(), found.lines.end(), [&](const auto& one) {
      return one.tenant == line.tenant && one.set == line.set && one.rule == line.rule &&
             one.action == line.action;
    });
    const bool known = same != found.lines.end();
    auto& into = known ? *same : found.lines.emplace_back(line);
    if (!known) into.due = 0;
    into.due += line.deleted + line.masked;
  }
  return found;
}

}  // namespace dsar
