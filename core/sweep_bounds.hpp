#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/map/data_map.hpp"
#include "core/sweep_result.hpp"

/// A plan's numbers as what a sweep may do at most.
namespace dsar {

/// How many rows of `set` beyond its own a sweep that does what is planned for `tenant` (empty: for
/// anyone) may come upon: where the map has rows of it go once their parent is gone, each planned
/// row of the parents may leave one, as a trigger does that keeps a copy.
std::uint64_t copies_of_planned(const DataMap& map, const std::vector<SweepLine>& planned,
                                const std::string& set, const std::string& tenant);

/// What would go beyond the plan if, after what `done` has deleted and masked, all went that
/// `found` counts as due; a record set and tenant at a time. Empty: nothing.
std::vector<std::string> rows_beyond(const DataMap& map, const std::vector<SweepLine>& planned,
                                     const std::vector<SweepLine>& done,
                                     const std::vector<SweepLine>& found);

/// The lines of `found` with the rows that are gone already, as if they were still due.
SweepResult in_all(const SweepResult& done, SweepResult found);

}  // namespace dsar
