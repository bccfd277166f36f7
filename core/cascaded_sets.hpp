#pragma once

#include <vector>

#include "core/sweep_conditions.hpp"

/// Rows that need no statement of their own to go.
namespace dsar {

/// The dependants of the pass's set, and theirs, whose rows a foreign key ON DELETE CASCADE takes
/// along, where nothing about them has to be looked at first: nothing can keep them, no set shares
/// their table, no object outside hangs on them, the role may see and delete them, and all that
/// their own going takes along is of the same kind. To delete them in a statement of their own
/// would cost as much again as the cascade, which looks for them in any case.
std::vector<SetRef> cascaded_sets(const SweepWorld& world, const SweepPass& pass);

/// Whether deleting rows of the table takes rows of other tables than those of `sets`.
bool cascades_beyond(const SweepWorld& world, const TableName& table,
                     const std::vector<SetRef>& sets);

}  // namespace dsar
