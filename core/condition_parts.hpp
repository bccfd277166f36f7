#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/schedule.hpp"

/// What the conditions of a sweep are put together with.
namespace dsar {

using Parts = std::vector<std::string>;
using Schedules = std::vector<const SetSchedule*>;

inline constexpr const char* never = "false";

/// Whether the condition is not simply `false`.
bool can(const std::string& condition);

/// One of the parts holds, in brackets where there are several; `false` of none.
std::string any_of(const Parts& parts);

/// All of the parts hold, without brackets; `true` of none.
std::string all_of(const Parts& parts);

/// The fragment over the row `alias`, in brackets.
std::string bound(const SqlFragment& fragment, const std::string& alias);

/// Schedules with equal cut-offs and zones, together.
std::vector<Schedules> by_cut_off(const Schedules& tenants,
                                  const std::function<const CutOff&(const SetSchedule&)>& cut_off);

}  // namespace dsar
