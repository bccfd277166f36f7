#pragma once

#include <vector>

#include "core/sweep_counts.hpp"

/// Rows that go because what they hang on goes.
namespace dsar {

/// Rows that go with those of a pass, and that no pass of their own counts.
struct UncountedChildren {
  SetRef set;
  SetRef parent;
  SqlStatement count;  ///< one row a tenant: its key, rows
};

/// `planned` are the passes that are counted as well.
std::vector<UncountedChildren> uncounted_children(const SweepWorld& world, const SweepPass& pass,
                                                  const std::vector<SweepPass>& planned,
                                                  const OtherPasses& others);

}  // namespace dsar
