#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/schedule.hpp"

namespace dsar {

/// Record sets that a sweep must leave alone because the role cannot see what decides about their
/// rows: by name, the reason.
using UnseenSets = std::map<std::string, std::string>;

/// Adds those that depend on what is unseen already: rows dated by an unseen parent, rows that an
/// unseen event may renew, and rows whose events renew rows that are unseen (their dates could not
/// be kept once they are gone).
void add_dependent_on_unseen(const DataMap& map, const std::vector<SetSchedule>& schedule,
                             UnseenSets& unseen);

}  // namespace dsar
