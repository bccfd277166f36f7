#include "core/schedule.hpp"

#include <algorithm>
#include <set>

#include "core/precedence.hpp"
#include "core/rfc3339.hpp"

namespace dsar {
namespace {

/// Events that a row's own clock tells unless the map gives the set another date for them.
bool is_row_clock(ClockEvent event) {
  return event == ClockEvent::collection || event == ClockEvent::creation ||
         event == ClockEvent::last_activity;
}

bool defines(const RecordSet& set, ClockEvent event) {
  return std::any_of(set.events.begin(), set.events.end(),
                     [&](const SetEvent& own) { return own.event == to_string(event); });
}

bool is_tenant_event(const DataMap& map, ClockEvent event) {
  if (!map.tenants) return false;
  const auto& events = map.tenants->events;
  return std::any_of(events.begin(), events.end(),
                     [&](const TenantEvent& own) { return own.event == to_string(event); });
}

bool is_ceiling(const RetentionRule& rule) {
  return rule.bound == Bound::ceiling || rule.bound == Bound::ceiling_and_floor_by_law;
}

bool is_floor_by_law(const RetentionRule& rule) {
  return rule.bound == Bound::floor_by_law || rule.bound == Bound::ceiling_and_floor_by_law;
}

/// The later cut-off reaches more rows, and is the earlier due date for each of them.
void take_later(std::optional<DueCut>& best, const DueCut& cut) {
  if (!best || best->cut_off < cut.cut_off) best = cut;
}

class SetScheduler {
 public:
  SetScheduler(const DataMap& map, const SetRef& set, const SweepTenant& tenant, Instant now)
      : map_(map), tenant_(tenant), now_(now) {
    schedule_.set = set;
    schedule_.tenant = &tenant;
  }

  SetSchedule run() {
    const auto category = from_string<DataCategory>(schedule_.set.set->category);
    for (const auto& rule : tenant_.rules) {
      if (rule.rule->with_recorded_ground && schedule_.set.set->legal_ground)
        add({&rule, LineState::recorded});
      // What holds nothing personal has no category; it goes with all that the tenant has.
      const auto& categories = rule.rule->categories;
      if (category ? categories.contains(*category) : categories.is_all()) add_rule(rule);
    }
    settle();
    return std::move(schedule_);
  }

 private:
  void add(ScheduleLine line) { schedule_.lines.push_back(line); }

  [[nodiscard]] SweepAction action_of(const EffectiveRule& rule) const {
    if (rule.rule->action != RuleAction::delete_row) return SweepAction::mask;
    // The map may know rows that never go because others' rows need them.
    const auto erase = schedule_.set.set->erase.action;
    return erase == EraseAction::mask || erase == EraseAction::repoint ? SweepAction::mask
                                                                       : SweepAction::remove;
  }

  void add_rule(const EffectiveRule& rule) {
    if (!is_ceiling(*rule.rule)) {
      add_keeping(rule);
      return;
    }
    if (!rule.period.is_counted() && !rule.period.is_zero()) {
      add({&rule, LineState::not_set});
      return;
    }
    const auto cut_off = *cut_off_at(now_, rule.period, tenant_.zone);
    if (rule.rule->choice == ClockChoice::latest) {
      add_latest(rule, cut_off);
      return;
    }
    for (const auto event : rule.rule->clock) add_event(rule, event, cut_off);
    if (rule.rule->bound == Bound::ceiling_and_floor_by_law)
      take_later_keeping({&rule, SweepAction::remove, cut_off});
  }

  /// A floor, by law or not.
  void add_keeping(const EffectiveRule& rule) {
    if (rule.rule->bound == Bound::exemption) return;
    const auto cut_off = cut_off_at(now_, rule.period, tenant_.zone);
    add({&rule, LineState::keeps, std::nullopt, cut_off});
    if (!is_floor_by_law(*rule.rule)) {
      // Of several floors the longest stands, which has the earliest cut-off.
      if (cut_off && (!schedule_.floor || *cut_off < schedule_.floor->cut_off))
        schedule_.floor = DueCut{&rule, SweepAction::remove, *cut_off};
    } else if (cut_off) {
      take_later_keeping({&rule, SweepAction::remove, *cut_off});
    } else {
      schedule_.kept_always = &rule;
    }
  }

  void take_later_keeping(const DueCut& cut) {
    if (!schedule_.kept_by_law || cut.cut_off < schedule_.kept_by_law->cut_off)
      schedule_.kept_by_law = cut;
  }

  void add_event(const EffectiveRule& rule, ClockEvent event, const CutOff& cut_off) {
    if (event == ClockEvent::deletion_requested) {
      add({&rule, LineState::on_request, event});
      return;
    }
    bool known = false;
    if (is_tenant_event(map_, event)) {
      add_tenant_event(rule, event);
      known = true;
    }
    if (is_row_clock(event) && !defines(*schedule_.set.set, event)) {
      if (!known && schedule_.set.set->clock) {
        by_clock(rule, event, cut_off);
        known = true;
      }
    } else if (!event_sources(map_, schedule_.set, event).empty()) {
      add({&rule, LineState::by_event, event, cut_off});
      schedule_.by_event.push_back({{&rule, action_of(rule), cut_off}, event});
      known = true;
    }
    if (!known) add({&rule, LineState::no_clock, event});
  }

  void by_clock(const EffectiveRule& rule, ClockEvent event, const CutOff& cut_off) {
    add({&rule, LineState::by_clock, event, cut_off});
    take_later(is_stated(rule) ? stated_ : chosen_, {&rule, action_of(rule), cut_off});
  }

  void add_tenant_event(const EffectiveRule& rule, ClockEvent event) {
    const auto found = tenant_.events.find(event);
    if (found == tenant_.events.end()) {
      add({&rule, LineState::not_happened, event});
      return;
    }
    if (event == ClockEvent::content_refreshed) {
      // Only what was fetched before has been replaced.
      const auto happened = has_happened(found->second, now_, tenant_.zone);
      const auto since = first_instant(found->second, tenant_.zone);
      if (happened && schedule_.set.set->clock) {
        by_clock(rule, event, {since, tenant_.zone.date_of(since)});
      } else {
        add({&rule, happened ? LineState::no_clock : LineState::waiting, event, {}, since});
      }
      return;
    }
    const auto since = *due_from(found->second, rule.period, tenant_.zone);
    if (since > now_) {
      add({&rule, LineState::waiting, event, {}, since});
      return;
    }
    add({&rule, LineState::all_due, event, {}, since});
    auto& whole = is_stated(rule) ? whole_ : chosen_whole_;
    // Whole tenants go as they are: what hangs on the row goes before it.
    if (!whole) whole = DueCut{&rule, whole_action(rule), {since, tenant_.zone.date_of(since)}};
  }

  [[nodiscard]] static SweepAction whole_action(const EffectiveRule& rule) {
    return rule.rule->action == RuleAction::delete_row ? SweepAction::remove : SweepAction::mask;
  }

  /// The later of the row's own clock and events that may renew it.
  void add_latest(const EffectiveRule& rule, const CutOff& cut_off) {
    std::optional<ClockEvent> renewing;
    for (const auto event : rule.rule->clock) {
      if (is_row_clock(event) || event_sources(map_, schedule_.set, event).empty()) continue;
      renewing = event;
    }
    if (!schedule_.set.set->clock) {
      add({&rule, LineState::no_clock, rule.rule->clock.front()});
    } else if (renewing) {
      add({&rule, LineState::by_clock, renewing, cut_off});
      schedule_.renewed = RenewedCut{{&rule, action_of(rule), cut_off}, *renewing};
    } else {
      // Without the later event nothing tells whether a row still runs: it stays.
      for (const auto event : rule.rule->clock) {
        if (!is_row_clock(event)) add({&rule, LineState::no_clock, event});
      }
    }
  }

  /// Floors against ceilings, as core/precedence has it for one row.
  void settle() {
    const auto& floor = schedule_.floor;
    schedule_.by_clock = stated_;
    schedule_.whole = whole_;
    if (!floor) {
      if (chosen_) take_later(schedule_.by_clock, *chosen_);
      if (!schedule_.whole) schedule_.whole = chosen_whole_;
    } else {
      auto delayed = chosen_;
      if (chosen_whole_) {
        // Every row is before this cut-off.
        delayed = *chosen_whole_;
        delayed->cut_off = *cut_off_at(now_, Period::at_once(), tenant_.zone);
      }
      if (delayed) {
        auto passed = *delayed;
        passed.cut_off = std::min(passed.cut_off, floor->cut_off);
        take_later(schedule_.by_clock, passed);
        if (floor->cut_off < delayed->cut_off) schedule_.delayed = delayed;
      }
      for (auto& event : schedule_.by_event) {
        if (!is_stated(*event.cut.rule)) event.floor = floor->cut_off;
      }
      schedule_.crossing = schedule_.whole || (stated_ && floor->cut_off < stated_->cut_off);
    }
    if (schedule_.whole) schedule_.by_clock.reset();
  }

  const DataMap& map_;
  const SweepTenant& tenant_;
  Instant now_;
  SetSchedule schedule_;
  std::optional<DueCut> stated_;
  std::optional<DueCut> chosen_;
  std::optional<DueCut> whole_;
  std::optional<DueCut> chosen_whole_;
};

void add_sources(const DataMap& map, const SetRef& set, ClockEvent event,
                 std::set<std::string>& seen, std::vector<SetRef>& sources) {
  if (set.set == nullptr || !seen.insert(set.set->name).second) return;
  if (defines(*set.set, event)) sources.push_back(set);
  for (const auto& link : set.set->links) {
    if (link.relation.value_or(set.set->relation) == Relation::mentions) continue;
    add_sources(map, find_set(map, link.to), event, seen, sources);
  }
}

std::string event_words(ClockEvent event) {
  auto words = std::string(to_string(event));
  std::replace(words.begin(), words.end(), '-', ' ');
  return words;
}

std::string plus_period(const EffectiveRule& rule) {
  if (!rule.period.is_counted()) return {};
  return " + " + to_text(rule.period);
}

}  // namespace

std::string reason(const ScheduleLine& line, const SweepTenant& tenant) {
  const auto event = line.event ? event_words(*line.event) : std::string{};
  const auto& rule = *line.rule;
  const auto dated = [&]() -> std::string {
    const auto found = line.event ? tenant.events.find(*line.event) : tenant.events.end();
    return found == tenant.events.end() ? "" : event + " " + to_text(found->second);
  };
  const auto chosen = !rule.overridden      ? std::string{}
                      : rule.reason.empty() ? std::string(" (set for the tenant)")
                                            : " (" + rule.reason + ")";
  switch (line.state) {
    case LineState::by_clock:
    case LineState::by_event:
      return event + plus_period(rule) + chosen;
    case LineState::all_due:
    case LineState::waiting:
      return dated() + plus_period(rule) + chosen;
    case LineState::not_happened:
      return "no " + event + plus_period(rule) + chosen;
    case LineState::keeps:
      if (rule.period.kind() == PeriodKind::not_stated)
        return "kept by law: the policy states no period, and none has been set";
      return (rule.period.is_counted() ? "kept for " + to_text(rule.period) : "kept by law") +
             chosen;
    case LineState::recorded:
      return "rows with a recorded legal ground stay";
    case LineState::not_set:
      return "the policy states no period, and none has been set";
    case LineState::no_clock:
      return "the map does not say when: " + event;
    case LineState::on_request:
      return "by a granted request";
  }
  return {};
}

std::vector<SetRef> event_sources(const DataMap& map, const SetRef& set, ClockEvent event) {
  std::set<std::string> seen;
  std::vector<SetRef> sources;
  add_sources(map, set, event, seen, sources);
  return sources;
}

SetSchedule schedule_of(const DataMap& map, const SetRef& set, const SweepTenant& tenant,
                        Instant now) {
  return SetScheduler(map, set, tenant, now).run();
}

std::vector<SetSchedule> plan_schedule(const DataMap& map, const std::vector<SweepTenant>& tenants,
                                       Instant now) {
  std::vector<SetSchedule> schedule;
  for (const auto& ref : record_sets(map)) {
    const bool is_tenants = map.tenants && ref.table->name == map.tenants->table;
    if (map.tenants && ref.table->tenant.empty() && !is_tenants) continue;
    for (const auto& tenant : tenants) {
      if (tenant.policy != nullptr) schedule.push_back(schedule_of(map, ref, tenant, now));
    }
  }
  return schedule;
}

}  // namespace dsar
