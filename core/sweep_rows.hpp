#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/sweep_conditions.hpp"

/// Which rows a sweep is about, as SQL: what its counts and its steps have in common. The row in
/// question is known as `t0` unless an alias is given.
namespace dsar {

/// Which rows of the pass's table a batch looks at: a condition on the row `alias`.
using Scope = std::function<std::string(const std::string& alias, SqlStatement& statement)>;

/// The rows that go: due and in scope, kept by nothing that the rows themselves know of.
std::string rows_going(SweepConditions& conditions, const SweepPass& pass, const Scope& scope,
                       const std::string& alias, SqlStatement& statement);

/// A recorded ground or a floor by law keeps the row; nothing that is masked because it is kept.
std::string by_law(SweepConditions& conditions, const SweepPass& pass, const std::string& alias);

/// The row `alias` hangs by `chain` from `index` on on one that meets `end`, and nothing keeps it.
std::string hangs_on(SweepConditions& conditions, const std::vector<ReachStep>& chain,
                     std::size_t index, const std::string& alias,
                     const std::vector<const SetSchedule*>& tenants,
                     const std::function<std::string(const std::string&)>& end);

/// ` AND (…) IS NOT TRUE`; empty where the condition is `false`.
std::string and_not(const std::string& condition);

std::string exists_row(const SetRef& set, const std::string& alias, const std::string& condition);

/// The key of the row's tenant, as text.
std::string tenant_of(const SweepWorld& world, const SetRef& set);

/// `FROM … AS t0` of the pass's table.
std::string from_table(const SetRef& set);

/// Every value of the clock or event as text that core/rfc3339 reads; of a DATE as `2026-02-20`.
std::string clock_text(const std::string& expression, ClockType type, const Clock& clock,
                       const Zone& zone);

}  // namespace dsar
