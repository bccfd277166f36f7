#include <algorithm>

#include "core/map/validation.hpp"
#include "core/sql_fragment.hpp"

namespace dsar {

namespace {

void check_clock_form(Validation& check, const Clock& clock) {
  const int forms = (clock.expression ? 1 : 0) + (clock.parents.empty() ? 0 : 1);
  if (forms != 1) {
    check.fault(
        clock.where,
        clock.childless.empty() || forms > 0
            ? "a clock has exactly one of 'expression' and 'parent', found " + std::to_string(forms)
            : std::string("'childless' needs an 'expression' beside it, by which an empty "
                          "row is due, or it would go at once whatever its age"));
  } else if (!clock.parents.empty() && !clock.childless.empty()) {
    check.fault(within(clock.where, "childless"),
                "'childless' goes with 'expression'; a row that has its parent's clock goes with "
                "its parent");
  }
  if (!clock.expression && (clock.epoch != EpochUnit::none || !clock.zone.empty())) {
    check.fault(clock.where, "'epoch' and 'zone' go with 'expression'");
  }
  if (clock.epoch != EpochUnit::none && !clock.zone.empty()) {
    check.fault(within(clock.where, "zone"), "a number since 1970 has no zone");
  }
}

void check_clock(Validation& check, const RecordSet& set) {
  const Clock& clock = *set.clock;
  check_clock_form(check, clock);
  check_row_fragment(check, clock.expression);
  check_row_fragment(check, clock.masked_when);
  check_zone(check, within(clock.where, "zone"), clock.zone);
  for (const std::string& parent : clock.parents) {
    const Location where = within(clock.where, "parent");
    check_set_name(check, where, parent);
    if (check.set_names.count(parent) > 0 && !links_to(set, parent)) {
      check.fault(where, "'" + set.name + "' has no link to '" + parent +
                             "', so its rows have no such parent");
    }
  }
  for (const std::string& child : clock.childless) {
    const Location where = within(clock.where, "childless");
    check_set_name(check, where, child);
    const SetRef ref = find_set(check.map, child);
    if (ref.set != nullptr && !links_to(*ref.set, set.name)) {
      check.fault(where, "'" + child + "' has no link to '" + set.name +
                             "', so none of its rows is a child");
    }
  }
}

}  // namespace

bool links_to(const RecordSet& set, const std::string& name) {
  return std::any_of(set.links.begin(), set.links.end(),
                     [&](const Link& link) { return link.to == name; });
}

void check_dates(Validation& check, const RecordSet& set) {
  if (set.clock) check_clock(check, set);
  for (const SetEvent& event : set.events) {
    check_event(check, event.where, event.event);
    const std::set<std::string> aliases = check_hops(check, event.via);
    const bool bare = event.via.empty();
    check.add(check_fragment(event.expression, aliases, bare));
    if (event.unless) check.add(check_fragment(*event.unless, aliases, bare));
  }
  check_row_fragment(check, set.legal_ground);
}

}  // namespace dsar
