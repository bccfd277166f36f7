#include "cmd/sweep_reading.hpp"

#include "cmd/interrupt.hpp"
#include "cmd/policy.hpp"
#include "core/pg/catalogue.hpp"
#include "formats/map_reader.hpp"

namespace dsar::cmd {

ScheduleReading::ScheduleReading(const Context& context, pg::Connection& connection)
    : map(with_tenant_owned_sets(formats::read_map(required_map(context)))),
      policies(read_policies(context)) {
  pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  catalogue = pg::read_catalogue(connection);
  tenants = pg::read_scheduled_tenants(connection, map, policies);
  if (!tenants.refused.empty()) {
    std::string all;
    for (const auto& line : tenants.refused) all += (all.empty() ? "" : "\n") + line;
    throw Error(ExitCode::usage, "a period is set that the policy does not allow: " + all,
                "Nothing is swept until it is settled: correct the map, the policy file or the "
                "tenant's own setting.");
  }
  clock_types = pg::read_clock_types(connection, map, catalogue, cannot_see);
  schedule = plan_schedule(map, tenants.tenants, context.now);
  held = pg::held_now(connection, map, catalogue);
}

SweepWorld ScheduleReading::world() const {
  return {map, catalogue, held, clock_types, schedule};
}

pg::SweepPlan count_due(pg::Connection& connection, const ScheduleReading& reading,
                        const Context& context, const pg::SweepFilter& filter,
                        const pg::SweepProgress& progress) {
  pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  const auto world = reading.world();
  return pg::plan_sweep(connection, world, context.now, filter, [&](const std::string& set) {
    stop_if_interrupted(context.stop);
    if (progress) progress(set);
  });
}

}  // namespace dsar::cmd
