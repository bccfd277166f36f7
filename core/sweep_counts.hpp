#pragma once

#include <vector>

#include "core/sweep_conditions.hpp"

/// How many rows are due, and how many of them stay, why.
namespace dsar {

/// What else goes in the same run.
struct OtherPasses {
  const std::vector<SweepPass>* by_keys = nullptr;  ///< all that goes by keys; none where null
  /// Those that go before the pass that is counted: their rows are counted with them.
  std::vector<const SweepPass*> earlier = {};
};

/// What a pass would do, by tenant: columns tenant key, due, held, kept by law, blocked, and the
/// oldest clock as the database writes it; as if what else is due had gone already.
SqlStatement count_statement(const SweepWorld& world, const SweepPass& pass,
                             const OtherPasses& others);

/// Rows that hang by one of the `chains`, all of one set, on a pass's rows and go with them,
/// without those that passes of their `own` make due: columns tenant key, due.
SqlStatement count_dependants(const SweepWorld& world, const SweepPass& pass,
                              const std::vector<std::vector<ReachStep>>& chains,
                              const std::vector<const SweepPass*>& own, const OtherPasses& others);

/// Whether all rows that hang by the chains on rows of the pass are due by passes before it: `own`
/// are those of their set that do not go by keys.
bool go_by_their_own(const SweepPass& pass, const std::vector<std::vector<ReachStep>>& chains,
                     const std::vector<const SweepPass*>& own, const OtherPasses& others);

/// Rows of the sets' tenants whose clock is NULL, and those whose clock is in the future: columns
/// tenant key, undated, future. Only of a set whose clock has an expression.
SqlStatement dateless_statement(const SweepWorld& world,
                                const std::vector<const SetSchedule*>& tenants, Instant now);

/// Rows that would be due without a floor: columns tenant key, rows.
SqlStatement floored_statement(const SweepWorld& world,
                               const std::vector<const SetSchedule*>& tenants);

/// Rows that are due, although a floor of the same policy has not passed: columns tenant key, rows.
SqlStatement crossing_statement(const SweepWorld& world, const SweepPass& pass);

}  // namespace dsar
