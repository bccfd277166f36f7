#include <chrono>
#include <map>

#include "core/map/validation.hpp"
#include "core/period.hpp"
#include "core/policy_terms.hpp"
#include "core/sql_fragment.hpp"
#include "core/suggest.hpp"

namespace dsar {

namespace {

/// `2027-01-31`, and a day that the calendar has.
bool is_date(const std::string& text) {
  constexpr std::size_t length = 10;
  if (text.size() != length) return false;
  int parts[3] = {0, 0, 0};
  std::size_t part = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash != (text[i] == '-')) return false;
    if (dash) {
      ++part;
    } else if (text[i] >= '0' && text[i] <= '9') {
      parts[part] = parts[part] * 10 + (text[i] - '0');
    } else {
      return false;
    }
  }
  return std::chrono::year_month_day{std::chrono::year{parts[0]},
                                     std::chrono::month{static_cast<unsigned>(parts[1])},
                                     std::chrono::day{static_cast<unsigned>(parts[2])}}
      .ok();
}

/// Reports the second of two things with one key.
class Once {
 public:
  explicit Once(Validation& check) : check_(check) {}
  void first(const std::string& key, const Location& where, const std::string& what) {
    const auto [found, added] = places_.emplace(key, where);
    if (added) return;
    const Location& before = found->second;
    check_.fault(where, what + ", first in " + before.file + ":" + std::to_string(before.line));
  }

 private:
  Validation& check_;
  std::map<std::string, Location> places_;
};

}  // namespace

void check_tenants(Validation& check) {
  check_zone(check, {check.map.files.empty() ? "" : check.map.files.front(), "/zone", 0, 0},
             check.map.zone);
  if (!check.map.tenants) return;
  const Tenants& tenants = *check.map.tenants;
  for (const auto* fragment :
       {&tenants.display_name, &tenants.contact, &tenants.policy, &tenants.zone}) {
    check_row_fragment(check, *fragment);
  }
  if (!tenants.policy_names.empty() && !tenants.policy) {
    check.fault(within(tenants.where, "policy_names"),
                "'policy_names' translates what 'policy' gives, which is missing");
  }
  for (const TenantEvent& event : tenants.events) {
    check_event(check, within(within(tenants.where, "events"), event.event), event.event);
    check_row_fragment(check, event.expression);
    check_row_fragment(check, event.unless);
  }
  if (tenants.integrations) {
    const auto aliases = check_hops(check, tenants.integrations->via);
    check.add(check_fragment(tenants.integrations->expression, aliases,
                             tenants.integrations->via.empty()));
  }
}

void check_tenant_paths(Validation& check, const Table& table) {
  if (!table.tenant.empty() && !check.map.tenants) {
    check.fault(table.tenant.front().where,
                "the map says nothing of tenants; 'tenants' is missing");
  }
  for (const TenantPath& path : table.tenant) {
    if (path.column.empty() == path.via.empty()) {
      check.fault(path.where, "a row's tenant is said by 'column' or by 'via'");
    }
    check_hops(check, path.via);
    // It may have to stand among other tables.
    if (path.when) check.add(check_fragment(*path.when, row_aliases(), false));
    if (!path.when && &path != &table.tenant.back()) {
      check.fault(path.where,
                  "it holds for every row, so those behind it never count; give it a 'when'");
    }
  }
}

void check_overrides(Validation& check) {
  Once once(check);
  for (const TenantOverride& each : check.map.overrides) {
    if (each.expression) {
      check_row_fragment(check, each.expression);
      if (each.unit.empty()) check.fault(each.where, "the key 'unit' is missing");
    } else {
      const Location where = within(each.where, "period");
      if (!parse_period(each.period)) {
        check.fault(where,
                    "expected a period such as '30 days', '18 months' or '2 years', found '" +
                        each.period + "'");
      }
      if (!check.map.tenants) {
        check.fault(within(each.where, "tenant"),
                    "the map says nothing of tenants; 'tenants' is missing");
      }
    }
    once.first(each.tenant + '\n' + each.rule, each.where,
               each.expression ? "the rule '" + each.rule + "' is overridden twice"
                               : "the tenant '" + each.tenant + "' overrides the rule '" +
                                     each.rule + "' twice");
  }
}

void check_waivers(Validation& check) {
  Once once(check);
  for (const Waiver& waiver : check.map.waivers) {
    if (!is_date(waiver.expires)) {
      check.fault(within(waiver.where, "expires"),
                  "expected a date such as 2027-01-31, found '" + waiver.expires + "'");
    }
    once.first(waiver.finding + '\n' + waiver.subject, waiver.where,
               "'" + waiver.finding + "' is waived twice for '" + waiver.subject + "'");
  }
}

}  // namespace dsar
