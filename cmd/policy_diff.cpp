#include "cmd/policy_diff.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "cmd/logging.hpp"
#include "cmd/output.hpp"
#include "cmd/policy.hpp"
#include "cmd/sweep_reading.hpp"
#include "cmd/sweep_watch.hpp"
#include "core/pg/cancel_on_stop.hpp"
#include "core/pg/migrations.hpp"
#include "formats/policy_diff_report.hpp"
#include "formats/policy_reader.hpp"

namespace dsar::cmd {
namespace {

/// A known policy's name, or else a file with one policy.
PolicyEntry entry_of(const std::string& name, const PolicyCatalogue& known) {
  const auto* entry = known.find(name);
  if (entry != nullptr || !std::filesystem::is_regular_file(name)) return known.named(name);
  const auto with_file = formats::read_policies(name);
  for (const auto& one : with_file.entries()) {
    if (!one.file.empty()) return one;
  }
  throw Error(ExitCode::usage, name + " has no policy");
}

/// The schedule of those who live under `policy`, as if that were `entry`.
ScheduleView schedule_under(const PolicyEntry& entry, const std::string& policy, Context& context,
                            pg::Connection& connection, std::set<std::string>& warnings) {
  auto policies = read_policies(context);
  auto in_its_place = entry;
  in_its_place.policy.id = policy;
  policies.add(std::move(in_its_place));
  ScheduleReading reading(context, connection, std::move(policies));
  keep_tenants(reading, policy, context.globals.tenant);
  for (const auto& period : reading.of_nobody) warnings.insert(to_text(period));
  SweepWatch watch(context.globals);
  const auto plan = count_due(connection, reading, context, {},
                              [&](const std::string& set) { watch.counting(set); });
  std::vector<const SetSchedule*> schedules;
  for (const auto& one : reading.schedule) schedules.push_back(&one);
  // Only what is due matters here.
  return view_schedule(policy, schedules, plan.result,
                       [](const SetSchedule&) { return ComingDue{}; });
}

}  // namespace

ExitCode run_policy_diff(const PolicyDiffOptions& options, Context& context) {
  const auto known = read_policies(context);
  const auto from = entry_of(options.from, known);
  const auto to = entry_of(options.to, known);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  pg::require_schema(connection);
  const auto& policy = from.policy.id;
  std::set<std::string> warnings;
  const auto before = schedule_under(from, policy, context, connection, warnings);
  const auto after = schedule_under(to, policy, context, connection, warnings);
  for (const auto& warning : warnings) log_warning(warning);
  formats::PolicyDiff diff;
  diff.from = &from;
  diff.to = &to;
  diff.as_of = context.now;
  diff.tenants = compare_schedules(before, after);
  diff.cannot_see = after.cannot_see;
  emit(
      context, [&] { return formats::policy_diff_text(diff); },
      [&] { return formats::policy_diff_json(diff); });
  return diff.cannot_see.empty() ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
