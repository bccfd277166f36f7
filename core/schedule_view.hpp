#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/schedule.hpp"
#include "core/sweep_result.hpp"

/// The schedule with what a count found under it, for people to read.
namespace dsar {

/// The oldest row that is not due yet, and when it will be.
struct ComingDue {
  std::optional<ClockValue> oldest;
  std::optional<Instant> due;
};

/// A line of the schedule with its rows.
struct ViewedLine {
  std::string set;
  std::string table;
  std::string rule;    ///< empty: the parent of the rows is gone
  std::string clause;  ///< the rule's citation
  std::string state;   ///< LineState's word; `goes-along`: with a row that it hangs on
  std::string clock;   ///< the event that the period counts from; empty: none, or the parent's
  std::string reason;
  std::string action;               ///< delete or mask; empty: the line takes nothing
  std::optional<CutOff> cut_off;    ///< rows whose clock lies before are due, or of a floor free
  std::optional<Instant> since;     ///< the tenant's event makes all rows due from then on
  std::string oldest;               ///< clock of the oldest due row, else of the oldest row
  std::optional<Instant> next_due;  ///< of the rows that are not due yet
  SweepLine rows;                   ///< its counts

  /// By a clock, an event or a floor; the others take and keep nothing by themselves.
  bool works = false;
};

struct TenantSchedule {
  std::string tenant;  ///< slug; empty: the database has no tenants
  Zone zone;
  std::vector<ViewedLine> lines;
};

struct ScheduleView {
  std::string policy;
  Instant as_of;
  std::vector<TenantSchedule> tenants;  ///< those that live under the policy
  std::vector<SweepOmission> cannot_see;

  [[nodiscard]] std::uint64_t due() const;
};

/// `result`: the plan that was counted under `schedules`; each of its counts stands at exactly one
/// line. `coming`: as the database has it, for each of the schedules.
ScheduleView view_schedule(std::string policy, const std::vector<const SetSchedule*>& schedules,
                           const SweepResult& result,
                           const std::function<ComingDue(const SetSchedule&)>& coming);

}  // namespace dsar
