#pragma once

#include <string>
#include <vector>

#include "core/schedule.hpp"
#include "core/sweep_result.hpp"

/// Sweeps that remove a whole tenant, because a date of its own has passed: it was archived, its
/// trial has lapsed, its contract or account has ended.
namespace dsar {

/// Whether the rule, once it is due for all that a tenant has, ends the tenant: its account goes,
/// and what was said to it.
bool removes_tenant(const RetentionRule& rule);

/// The lines by which rows go because their whole tenant does, of those that have rows due.
std::vector<SweepLine> removals(const std::vector<SweepLine>& lines,
                                const std::vector<SetSchedule>& schedule);

/// The slugs of their tenants, each once, in order.
std::vector<std::string> tenants_of(const std::vector<SweepLine>& lines);

}  // namespace dsar
