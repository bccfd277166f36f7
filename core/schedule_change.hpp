#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/enum_names.hpp"
#include "core/schedule_view.hpp"

/// What another policy, or another period, would change of a schedule.
namespace dsar {

enum class LineChangeKind {
  appears,   ///< the first policy has no such rule for the rows
  vanishes,  ///< the second has none
  sooner,    ///< rows fall due earlier: the cut-off is later
  later,
  changed,  ///< otherwise: another action, an event in place of a clock
};

template <>
struct EnumNames<LineChangeKind> {
  using L = LineChangeKind;
  static constexpr std::array table{
      EnumName<L>{L::appears, "appears"}, EnumName<L>{L::vanishes, "vanishes"},
      EnumName<L>{L::sooner, "sooner"},   EnumName<L>{L::later, "later"},
      EnumName<L>{L::changed, "changed"},
  };
};

/// A line of the schedule that is not the same under both.
struct LineChange {
  LineChangeKind kind = LineChangeKind::changed;
  std::optional<ViewedLine> before;
  std::optional<ViewedLine> after;

  /// Whichever is there.
  [[nodiscard]] const ViewedLine& line() const { return after ? *after : *before; }
};

/// The due rows of a record set whose number is not the same under both.
struct SetChange {
  std::string set;
  std::uint64_t due = 0;
  std::uint64_t then_due = 0;

  [[nodiscard]] std::uint64_t newly_due() const { return then_due > due ? then_due - due : 0; }
  [[nodiscard]] std::uint64_t no_longer_due() const { return due > then_due ? due - then_due : 0; }
};

struct TenantChange {
  std::string tenant;
  std::vector<SetChange> sets;
  std::vector<LineChange> lines;
};

/// The tenants for which anything changes. Rows are compared by number, a record set at a time:
/// the cut-offs of one clock are nested, so that is how many rows change sides.
std::vector<TenantChange> compare_schedules(const ScheduleView& before, const ScheduleView& after);

}  // namespace dsar
