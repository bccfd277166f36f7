#include "core/sweep_children.hpp"

namespace dsar {

std::vector<UncountedChildren> uncounted_children(const SweepWorld& world, const SweepPass& pass,
                                                  const std::vector<SweepPass>& planned,
                                                  const OtherPasses& others) {
  std::vector<UncountedChildren> all;
  if (pass.action != SweepAction::remove) return all;
  for (const auto& [name, chains] : dependant_chains(world.map, pass.set)) {
    std::vector<const SweepPass*> own;
    for (const auto& other : planned) {
      // What goes by keys goes before all of these.
      if (other.set.set->name == name && other.by != DueBy::orphan && pass.by != DueBy::keys)
        own.push_back(&other);
    }
    if (go_by_their_own(pass, chains, own, others)) continue;
    all.push_back({chains.front().front().from, chains.front().front().to,
                   count_dependants(world, pass, chains, own, others)});
  }
  return all;
}

}  // namespace dsar
