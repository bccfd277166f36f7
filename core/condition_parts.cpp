#include "core/condition_parts.hpp"

#include <algorithm>

#include "core/sql.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {

bool can(const std::string& condition) {
  return condition != never;
}

std::string any_of(const Parts& parts) {
  Parts possible;
  for (const auto& part : parts) {
    if (can(part)) possible.push_back(part);
  }
  if (possible.empty()) return never;
  return possible.size() == 1 ? possible.front() : "(" + join(possible, " OR ") + ")";
}

std::string all_of(const Parts& parts) {
  Parts needed;
  for (const auto& part : parts) {
    if (part == "true" || part.empty()) continue;
    needed.push_back(part);
  }
  return needed.empty() ? "true" : join(needed, " AND ");
}

std::string bound(const SqlFragment& fragment, const std::string& alias) {
  return "(" + bind_aliases(fragment.text, {{"this", alias}}) + ")";
}

std::vector<Schedules> by_cut_off(const Schedules& tenants,
                                  const std::function<const CutOff&(const SetSchedule&)>& cut_off) {
  std::vector<Schedules> groups;
  for (const auto* tenant : tenants) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Schedules& group) {
      const auto& first = *group.front();
      return cut_off(first) == cut_off(*tenant) &&
             first.tenant->zone.name() == tenant->tenant->zone.name();
    });
    if (same == groups.end()) {
      groups.push_back({tenant});
    } else {
      same->push_back(tenant);
    }
  }
  return groups;
}

}  // namespace dsar
