#include "core/sweep_sight.hpp"

namespace dsar {

void add_dependent_on_unseen(const DataMap& map, const std::vector<SetSchedule>& schedule,
                             UnseenSets& unseen) {
  // Those first that something else may depend on in its turn.
  for (std::size_t before = unseen.size() + 1; before != unseen.size();) {
    before = unseen.size();
    for (const auto& ref : record_sets(map)) {
      const auto& clock = ref.set->clock;
      if (!clock || clock->expression) continue;
      for (const auto& parent : clock->parents) {
        if (unseen.contains(parent))
          unseen.emplace(ref.set->name,
                         "its dates are those of " + parent + ", which cannot be seen");
      }
    }
  }
  const auto direct = unseen;
  for (const auto& one : schedule) {
    if (!one.renewed) continue;
    const auto& name = one.set.set->name;
    for (const auto& source : event_sources(map, one.set, one.renewed->event)) {
      const auto& renewing = source.set->name;
      if (renewing == name) continue;
      if (direct.contains(renewing))
        unseen.emplace(name, "what renews its dates, " + renewing + ", cannot be seen");
      if (direct.contains(name))
        unseen.emplace(renewing, "it renews dates of " + name + ", which cannot be seen");
    }
  }
}

}  // namespace dsar
