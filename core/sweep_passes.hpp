#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/sweep_conditions.hpp"

/// In which order a sweep works, and what it does of one piece.
namespace dsar {

/// All record sets, children before what they hang on: by the map's links, by parent clocks and by
/// the database's foreign keys that would block a delete. Cycles that the map breaks
/// (nullify_first, re-pointing) do not count; of others the map's order decides.
std::vector<SetRef> sweep_order(const DataMap& map, const Catalogue& catalogue);

/// The passes over a set's own rows, in the sweep's order: whole tenants, then the clock, then
/// orphans; tenants of which nothing can be due are left out, those kept by law are not (what is
/// kept is told).
std::vector<SweepPass> plan_passes(const DataMap& map, const Catalogue& catalogue,
                                   const std::vector<SetSchedule>& schedule);

/// An event whose rows, and all that hang on them, a rule makes due for one tenant.
struct EventPasses {
  const SweepTenant* tenant = nullptr;
  const EffectiveRule* rule = nullptr;
  SetRef source;
  const SetEvent* event = nullptr;
  CutOff cut_off;
  std::vector<SweepPass> passes;  ///< in the sweep's order; keys are still empty
};

std::vector<EventPasses> plan_event_passes(const DataMap& map, const Catalogue& catalogue,
                                           const std::vector<SetSchedule>& schedule);

/// The keys of the rows that the event has happened to: one text value per key column.
SqlStatement event_keys_statement(const SweepWorld& world, const EventPasses& event);

/// The pass, but for the keys from the `from`th on, `rows` of them at most; nothing where there are
/// no more. A batch binds no more than such a piece, however many there are.
std::optional<SweepPass> piece_of_keys(const SweepPass& pass, std::size_t from, std::size_t rows);

/// Why the pass must not delete: that would set off a cascade or a trigger that the map does not
/// know, at the set's own rows or at those that go with them. Nothing: it may.
std::optional<std::string> why_refused(const DataMap& map, const Catalogue& catalogue,
                                       const SweepPass& pass);

}  // namespace dsar
