#include "cmd/sweep_reading.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "cmd/interrupt.hpp"
#include "cmd/policy.hpp"
#include "core/pg/catalogue.hpp"
#include "core/tenant_removal.hpp"
#include "formats/map_reader.hpp"
#include "formats/own_tables.hpp"

namespace dsar::cmd {

ScheduleReading::ScheduleReading(const Context& context, pg::Connection& connection)
    : ScheduleReading(context, connection, read_policies(context)) {}

ScheduleReading::ScheduleReading(const Context& context, pg::Connection& connection,
                                 PolicyCatalogue known)
    : map(formats::read_map(required_map(context))), policies(std::move(known)) {
  pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  catalogue = pg::read_catalogue(connection);
  map = with_tenant_owned_sets(formats::with_own_tables(std::move(map), catalogue));
  tenants = pg::read_scheduled_tenants(connection, map, catalogue, policies);
  if (!tenants.refused.empty()) {
    std::string all;
    for (const auto& line : tenants.refused) all += (all.empty() ? "" : "\n") + line;
    throw Error(ExitCode::usage, "a period is set that the policy does not allow: " + all,
                "Nothing is swept until it is settled: correct the map, the policy file or the "
                "tenant's own setting.");
  }
  std::map<std::string, std::string> lives_under;
  for (const auto& tenant : tenants.tenants)
    lives_under.emplace(tenant.slug, tenant.policy == nullptr ? "" : tenant.policy->id);
  of_nobody = periods_of_nobody(map, policies, lives_under);
  std::vector<pg::CannotSee> cannot_see;
  clock_types = pg::read_clock_types(connection, map, catalogue, cannot_see);
  schedule = plan_schedule(map, tenants.tenants, context.now);
  for (auto& one : cannot_see) unseen.emplace(one.what, std::move(one.reason));
  add_dependent_on_unseen(map, schedule, unseen);
  held = pg::held_now(connection, map, catalogue);
}

void ScheduleReading::keep_whole_tenants(Instant now) {
  std::set<std::string> ending;
  for (const auto& one : schedule) {
    if (one.whole && removes_tenant(*one.whole->rule->rule)) ending.insert(one.tenant->slug);
  }
  for (auto& tenant : tenants.tenants) {
    if (ending.contains(tenant.slug))
      std::erase_if(tenant.rules,
                    [](const EffectiveRule& one) { return removes_tenant(*one.rule); });
  }
  schedule = plan_schedule(map, tenants.tenants, now);
  add_dependent_on_unseen(map, schedule, unseen);
}

SweepWorld ScheduleReading::world() const {
  return {map, catalogue, held, clock_types, schedule};
}

void keep_tenants(ScheduleReading& reading, const std::string& policy, const std::string& slug) {
  if (!slug.empty()) {
    const auto& all = reading.tenants.tenants;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const SweepTenant& one) { return one.slug == slug; });
    if (found == all.end()) throw Error(ExitCode::usage, "there is no tenant '" + slug + "'");
    if (found->policy == nullptr || found->policy->id != policy)
      throw Error(ExitCode::usage, "tenant '" + slug + "' does not live under policy " + policy,
                  found->policy == nullptr ? "It lives under none that is known."
                                           : "It lives under " + found->policy->id + ".");
  }
  std::erase_if(reading.schedule, [&](const SetSchedule& one) {
    return one.tenant->policy->id != policy || (!slug.empty() && one.tenant->slug != slug);
  });
}

pg::SweepFilter filter_of(const std::string& rule, const std::string& set, const Context& context,
                          const ScheduleReading& reading) {
  const auto known_rule = [&](const SetSchedule& one) {
    return std::any_of(one.tenant->rules.begin(), one.tenant->rules.end(),
                       [&](const EffectiveRule& own) { return own.rule->id == rule; });
  };
  const auto& tenants = reading.tenants.tenants;
  if (!context.globals.tenant.empty() &&
      std::none_of(tenants.begin(), tenants.end(),
                   [&](const SweepTenant& one) { return one.slug == context.globals.tenant; }))
    throw Error(ExitCode::usage, "there is no tenant '" + context.globals.tenant + "'");
  if (!set.empty() && find_set(reading.map, set).set == nullptr)
    throw Error(ExitCode::usage, "the map has no record set '" + set + "'",
                "'dsarctl map show' lists them.");
  if (!rule.empty() && std::none_of(reading.schedule.begin(), reading.schedule.end(), known_rule))
    throw Error(ExitCode::usage, "no tenant's policy has a rule '" + rule + "'",
                "'dsarctl policy show' lists a policy's rules.");
  return {context.globals.tenant, rule, set};
}

void add_warnings(SweepResult& result, const ScheduleReading& reading) {
  for (const auto& period : reading.of_nobody) result.warnings.push_back(to_text(period));
  for (const auto& tenant : reading.tenants.no_policy)
    result.warnings.push_back("tenant " + (tenant.empty() ? "(none)" : tenant) +
                              " lives under no known policy: nothing of it is due");
}

pg::SweepPlan count_due(pg::Connection& connection, const ScheduleReading& reading,
                        const Context& context, const pg::SweepFilter& filter,
                        const pg::SweepProgress& progress, const pg::CountingBeside& beside) {
  pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  const auto world = reading.world();
  const pg::SweepProgress before_each = [&](const std::string& set) {
    stop_if_interrupted(context.stop);
    if (progress) progress(set);
  };
  return pg::plan_sweep(connection,
                        {world, context.now, filter, reading.unseen, before_each, beside});
}

}  // namespace dsar::cmd
