#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/approval.hpp"
#include "cmd/context.hpp"
#include "cmd/erase_resume.hpp"
#include "cmd/sweep.hpp"
#include "cmd/sweep_reading.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/sweep_plan_file.hpp"

namespace dsar::cmd {

/// One run of `sweep`: tells what is due, or deletes it and tells that.
class SweepCommand {
 public:
  /// Reads the reviewed plan, whose time the run takes for now. All that is given outlives this.
  SweepCommand(const SweepOptions& options, Context& context);

  ExitCode plan();
  ExitCode apply();

 private:
  pg::CountingBeside beside(bool little_due);
  pg::SweepPlan count_watched(const ScheduleReading& reading, const pg::SweepFilter& filter);
  SweepResult work(pg::SweepRun& run);
  pg::SweepPlan recount(ScheduleReading& reading, const pg::SweepFilter& filter);
  [[nodiscard]] std::string why_too_many(const SweepResult& done, const SweepResult& found,
                                         const ScheduleReading& reading);
  std::optional<std::string> breaker(const SweepResult& plan, const Catalogue& catalogue);
  bool leave_whole_tenants(const SweepResult& plan, ScheduleReading& reading);
  void refuse_unreviewed(const SweepResult& plan, const ScheduleReading& reading);
  void note_failure(pg::SweepRun& run, Instant started, const Error& error);
  [[nodiscard]] std::optional<Error> metrics_fault(const SweepResult& result) const;
  [[nodiscard]] std::optional<Error> approval_fault(const SweepResult& result) const;
  void write_plan(SweepResult& plan, const ScheduleReading& reading) const;
  ResumedErasures resume();
  void tell(const SweepResult& result, const ResumedErasures& resumed = {});

  const SweepOptions& options_;
  Context& context_;
  pg::Connection connection_;
  pg::ConnectionPool pool_;  ///< of those that count and delete besides
  PlanFile file_;            ///< of the reviewed plan
  std::optional<formats::ReviewedPlan> reviewed_;
  std::optional<Approval> approval_;  ///< of the removal of whole tenants; none: none was needed
  std::string not_approved_;          ///< why there is none that holds
  std::vector<SweepLine> kept_;       ///< rows of whole tenants that wait for it
};

}  // namespace dsar::cmd
