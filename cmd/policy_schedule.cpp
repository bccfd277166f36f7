#include "cmd/policy_schedule.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/logging.hpp"
#include "cmd/output.hpp"
#include "cmd/sweep_reading.hpp"
#include "cmd/sweep_watch.hpp"
#include "core/pg/cancel_on_stop.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/next_due.hpp"
#include "core/schedule_view.hpp"
#include "formats/schedule_report.hpp"

namespace dsar::cmd {

ExitCode run_policy_schedule(const std::string& name, Context& context) {
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  pg::require_schema(connection);
  ScheduleReading reading(context, connection);
  const auto id = reading.policies.named(name).policy.id;
  keep_tenants(reading, id, context.globals.tenant);
  for (const auto& period : reading.of_nobody) log_warning(to_text(period));
  SweepWatch watch(context.globals);
  auto plan = count_due(connection, reading, context, {},
                        [&](const std::string& set) { watch.counting(set); });
  std::vector<const SetSchedule*> schedules;
  for (const auto& one : reading.schedule) schedules.push_back(&one);
  const auto coming = [&] {
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    return pg::read_next_due(connection, reading.world(), schedules);
  }();
  const auto view = view_schedule(id, schedules, plan.result, [&](const SetSchedule& one) {
    const auto found = coming.find(&one);
    return found == coming.end() ? ComingDue{} : ComingDue{found->second.oldest, found->second.due};
  });
  emit(
      context, [&] { return formats::schedule_text(view); },
      [&] { return formats::schedule_json(view); });
  return view.cannot_see.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
