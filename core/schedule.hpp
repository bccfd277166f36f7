#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/effective_rules.hpp"
#include "core/map/data_map.hpp"
#include "core/retention_clock.hpp"

/// The retention schedule: policy × map × the tenants' clocks. What sweeps, checks and reports all
/// share; decided from values alone, before a row is read.
namespace dsar {

/// A tenant with what it lives under. Databases without tenants have one, with an empty key.
struct SweepTenant {
  std::string key;
  std::string slug;
  const Policy* policy = nullptr;    ///< none: nothing is due
  std::vector<EffectiveRule> rules;  ///< of the policy; pointed to by the schedule
  Zone zone;
  std::map<ClockEvent, ClockValue> events;  ///< those that have a date, also one in the future
};

/// What a rule comes to for the rows of one record set.
enum class LineState {
  by_clock,      ///< rows whose clock lies before `cut_off` are due
  by_event,      ///< rows that hang on one whose `event` lies before `cut_off`
  all_due,       ///< the tenant's event makes all rows due, since `since`
  waiting,       ///< it will, from `since` on
  not_happened,  ///< the tenant's event has no date
  keeps,         ///< a floor: rows whose clock lies at or after `cut_off` stay; without one, all do
  recorded,      ///< rows with a recorded legal ground stay
  not_set,       ///< the policy states no period and the operator has set none
  no_clock,      ///< neither the map's tenants nor its sets know the event
  on_request,    ///< a granted request does it, not a sweep
};

template <>
struct EnumNames<LineState> {
  using L = LineState;
  static constexpr std::array table{
      EnumName<L>{L::by_clock, "by-clock"},         EnumName<L>{L::by_event, "by-event"},
      EnumName<L>{L::all_due, "all-due"},           EnumName<L>{L::waiting, "waiting"},
      EnumName<L>{L::not_happened, "not-happened"}, EnumName<L>{L::keeps, "keeps"},
      EnumName<L>{L::recorded, "recorded"},         EnumName<L>{L::not_set, "not-set"},
      EnumName<L>{L::no_clock, "no-clock"},         EnumName<L>{L::on_request, "on-request"},
  };
};

/// One rule, and one of its clock events, for one record set and tenant.
struct ScheduleLine {
  const EffectiveRule* rule = nullptr;
  LineState state = LineState::not_set;
  std::optional<ClockEvent> event = {};
  std::optional<CutOff> cut_off = {};
  std::optional<Instant> since = {};
};

/// Why the line is as it is: `creation + 90 days`, `the contract ended on 2025-11-30, + 3 months`.
std::string reason(const ScheduleLine& line, const SweepTenant& tenant);

/// What happens to a row that is due.
enum class SweepAction { remove, mask };

template <>
struct EnumNames<SweepAction> {
  using S = SweepAction;
  static constexpr std::array table{
      EnumName<S>{S::remove, "delete"},
      EnumName<S>{S::mask, "mask"},
  };
};

/// Rows that one rule makes due: those before the cut-off.
struct DueCut {
  const EffectiveRule* rule = nullptr;
  SweepAction action = SweepAction::remove;
  CutOff cut_off = {};
};

/// Rows that an event at themselves, or at a row that they hang on, makes due.
struct EventCut {
  DueCut cut = {};
  ClockEvent event = ClockEvent::purpose_ended;
  std::optional<CutOff> floor = {};  ///< and whose own clock lies before this
};

/// Rows whose clock is the later of their own and of an event that may come again and again (the
/// visitor's own messages): decided row by row, because what comes after a row fell due revives
/// nothing.
struct RenewedCut {
  DueCut cut = {};
  ClockEvent event = ClockEvent::last_inbound_message;
};

/// The lines of one record set and tenant, and what follows from them after the precedence of
/// rules (core/precedence): this is what a sweep does.
struct SetSchedule {
  SetRef set;
  const SweepTenant* tenant = nullptr;
  std::vector<ScheduleLine> lines;

  const EffectiveRule* kept_always = nullptr;  ///< a duty by law without an end: nothing goes
  std::optional<DueCut> kept_by_law = {};      ///< rows not before its cut-off stay by law
  std::optional<DueCut> whole = {};            ///< every row is due
  std::optional<DueCut> by_clock = {};
  std::optional<RenewedCut> renewed = {};
  std::vector<EventCut> by_event = {};
  /// Rows before the first, but not before the second (a floor), would be due without the floor.
  std::optional<DueCut> delayed = {};
  std::optional<DueCut> floor = {};
  bool crossing = false;  ///< the floor gives way to a stated ceiling for rows not before it

  [[nodiscard]] bool may_be_due() const {
    return kept_always == nullptr && (whole || by_clock || renewed || !by_event.empty());
  }
};

/// The record sets that an event of theirs, or of a set that they hang on, can make due: the sets
/// of the map that define `event`, `set` itself or one that its links lead to.
std::vector<SetRef> event_sources(const DataMap& map, const SetRef& set, ClockEvent event);

/// The schedule of one record set for one tenant at `now`.
SetSchedule schedule_of(const DataMap& map, const SetRef& set, const SweepTenant& tenant,
                        Instant now);

/// For every record set that belongs to tenants, or to none where the map has none, and every
/// tenant that has a policy. Sets of global tables are left out: nobody's policy rules them.
std::vector<SetSchedule> plan_schedule(const DataMap& map, const std::vector<SweepTenant>& tenants,
                                       Instant now);

}  // namespace dsar
