#pragma once

#include <string>
#include <vector>

#include "core/pg/connection.hpp"
#include "core/pg/erase_plan.hpp"

/// Rows that cannot go because others refer to them; internal to core/pg.
namespace dsar::pg {

/// Lets rows stay that a staying row refers to, and rows that those refer to in turn.
/// `trust_keys`: where all rows of the subject that refer go too, many rows are not looked at one
/// by one: the foreign key lets none of them go that anything else refers to.
void keep_referred(Connection& connection, const DataMap& map, const Catalogue& catalogue,
                   bool trust_keys, ErasureDecision& decision);

/// The subject's rows of the referring table.
std::vector<ReferringRows> own_rows(const Catalogue& catalogue, const ErasureDecision& decision,
                                    const Referring& by);

/// Whether the role can tell which rows refer to rows of the set; otherwise that is noted.
bool sees(const Catalogue& catalogue, const Referring& by, const SetRef& set,
          ErasureDecision& decision);

/// A line that is not there yet.
void add_once(std::vector<std::string>& lines, const std::string& line);

}  // namespace dsar::pg
