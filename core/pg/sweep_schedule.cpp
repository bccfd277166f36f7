#include "core/pg/sweep_schedule.hpp"

#include <algorithm>

#include "core/pg/clock_value.hpp"
#include "core/pg/privilege.hpp"
#include "core/sql_fragment.hpp"
#include "core/sweep_rows.hpp"
#include "core/visibility.hpp"

namespace dsar::pg {
namespace {

constexpr const char* row = "t0";

std::string bound(const SqlFragment& fragment) {
  return "(" + bind_aliases(fragment.text, {{"this", row}}) + ")";
}

std::string place(const Location& where) {
  return where.file + ":" + std::to_string(where.line) + ": " + where.pointer;
}

/// By its name. Throws Error (usage) for one that is no date.
ClockType type_named(const std::string& type, const std::string& whose) {
  if (type == "date") return ClockType::date;
  if (type == "timestamp with time zone") return ClockType::timestamptz;
  if (type == "timestamp without time zone") return ClockType::timestamp;
  for (const char* number : {"bigint", "integer", "smallint", "numeric", "double precision"}) {
    if (type == number) return ClockType::number;
  }
  throw Error(ExitCode::usage, "the date of " + whose + " is of type " + type,
              "It must be a date, a timestamp, or a number of seconds or milliseconds.");
}

/// Of a scalar subquery that gives no row. Throws as type_named does.
ClockType type_of(Connection& connection, const std::string& select, const std::string& whose) {
  std::string type;
  try {
    type = connection.exec("SELECT pg_typeof((" + select + "))::text")->text(0, 0);
  } catch (const ServerError& error) {
    if (error.sqlstate() == "42501") throw;  // whoever asks may go on without
    throw as_fault_of("the date of " + whose, error);
  }
  return type_named(type, whose);
}

/// Where the set's clock is a column and nothing more, that column; else nullptr.
const CatalogueColumn* column_of_clock(const Catalogue& catalogue, const SetRef& set) {
  if (!set.set->clock || !set.set->clock->expression) return nullptr;
  const auto& text = set.set->clock->expression->text;
  const auto names = referenced_names(text);
  const auto* table = find_table(catalogue, set.table->name);
  if (table == nullptr || names.size() != 1 || names.front().name != text) return nullptr;
  const auto* column = find_column(*table, text);
  // A domain is asked about, and so is what has a precision.
  return column != nullptr && column->type == column->base_type ? column : nullptr;
}

/// The columns of the set's own table that tell which rows are its, and their dates.
std::vector<std::string> columns_of_dates(const Catalogue& catalogue, const SetRef& set) {
  std::vector<const SqlFragment*> fragments;
  if (set.set->predicate) fragments.push_back(&*set.set->predicate);
  if (set.set->clock && set.set->clock->expression)
    fragments.push_back(&*set.set->clock->expression);
  for (const auto& event : set.set->events) {
    if (event.via.empty()) fragments.push_back(&event.expression);
  }
  std::vector<std::string> columns;
  const auto* table = find_table(catalogue, set.table->name);
  for (const auto* fragment : fragments) {
    for (const auto& name : referenced_names(fragment->text)) {
      if (table != nullptr && find_column(*table, name.name) != nullptr)
        columns.push_back(name.name);
    }
  }
  return columns;
}

/// Of a set's clock, unless `clock_known`, and of its events.
std::map<std::string, ClockType> types_of(Connection& connection, const SetRef& set,
                                          bool clock_known) {
  std::map<std::string, ClockType> types;
  const auto whose = "record set " + set.set->name;
  const auto from =
      " FROM " + quote(set.table->name) + (" AS \"" + std::string(row) + "\" LIMIT 0");
  if (!clock_known && set.set->clock && set.set->clock->expression)
    types[set.set->name] =
        type_of(connection, "SELECT " + SweepConditions::clock_sql(set, row) + from, whose);
  for (const auto& event : set.set->events)
    types[event_key(set, event)] =
        type_of(connection,
                "SELECT (SELECT d.happened FROM (" + event_dates(event, row) +
                    ") AS d(happened) LIMIT 0)" + from,
                "event " + event.event + " of " + whose);
  return types;
}

class TenantReader {
 public:
  TenantReader(Connection& connection, const DataMap& map, const PolicyCatalogue& policies)
      : connection_(connection), map_(map), policies_(policies) {}

  ScheduledTenants run() {
    if (!map_.tenants) {
      add(tenant_of_key(connection_, map_, {}), {});
      return std::move(result_);
    }
    prepare();
    for (const auto& tenant : list_tenants(connection_, map_)) read(tenant);
    return std::move(result_);
  }

 private:
  void prepare() {
    const auto& tenants = *map_.tenants;
    const auto from = " FROM " + quote(tenants.table) + (" AS \"" + std::string(row) + "\"");
    for (const auto& event : tenants.events) {
      const auto whose = "event " + event.event + " of the tenants";
      const auto expression = bound(event.expression);
      const auto type = type_of(connection_, "SELECT " + expression + from + " LIMIT 0", whose);
      auto text = clock_text(expression, type, {}, Zone::named(map_.zone));
      if (event.unless)
        text = "CASE WHEN " + bound(*event.unless) + " THEN NULL ELSE " + text + " END";
      columns_.push_back(std::move(text));
    }
    for (const auto& one : map_.overrides) {
      if (one.expression) columns_.push_back(bound(*one.expression) + "::text");
    }
    sql_ = "SELECT " + (columns_.empty() ? "NULL" : join(columns_, ", ")) + from + " WHERE " +
           qualify(row, tenants.key).text() + "::text = $1";
  }

  void read(const Tenant& tenant) {
    const auto answer = connection_.exec(sql_, {tenant.key});
    std::map<ClockEvent, ClockValue> events;
    std::size_t column = 0;
    for (const auto& event : map_.tenants->events) {
      if (const auto text = answer->at(0, column++)) {
        const auto known = from_string<ClockEvent>(event.event);
        if (known)
          events[*known] = read_clock_value(std::string(*text),
                                            "event " + event.event + " of tenant " + tenant.slug);
      }
    }
    std::vector<RuleOverride> overrides;
    for (const auto& one : map_.overrides) {
      const auto source = place(one.where);
      if (one.expression) {
        if (const auto text = answer->at(0, column++))
          overrides.push_back(
              {one.rule, period_of(std::string(*text), one, tenant), one.reason, source});
      } else if (one.tenant == tenant.slug) {
        overrides.push_back({one.rule, *parse_period(one.period), one.reason, source});
      }
    }
    add(tenant, std::move(events), std::move(overrides));
  }

  Period period_of(const std::string& text, const TenantOverride& one, const Tenant& tenant) {
    if (const auto period = parse_period(text + " " + one.unit)) return *period;
    throw Error(ExitCode::usage,
                "tenant " + tenant.slug + " has a period for rule " + one.rule +
                    " that is no whole number of " + one.unit,
                "Correct it in the database: " + place(one.where) + " reads it.");
  }

  void add(const Tenant& tenant, std::map<ClockEvent, ClockValue> events,
           std::vector<RuleOverride> overrides = {}) {
    SweepTenant one;
    one.key = tenant.key;
    one.slug = tenant.slug;
    one.zone = Zone::named(tenant.zone.empty() ? map_.zone : tenant.zone);
    one.events = std::move(events);
    const auto* entry = tenant.policy.empty() ? nullptr : policies_.find(tenant.policy);
    if (entry != nullptr) one.policy = &entry->policy;
    if (one.policy == nullptr) {
      result_.no_policy.push_back(tenant.policy.empty() ? tenant.slug
                                                        : tenant.slug + " (" + tenant.policy + ")");
    } else {
      // What the map sets is for the policies that have the rule.
      std::erase_if(overrides, [&](const RuleOverride& own) {
        return find_rule(*one.policy, own.rule) == nullptr;
      });
      for (auto& other : overrides_for(*entry, tenant.slug)) overrides.push_back(std::move(other));
      std::vector<std::string> refused;
      one.rules = effective_rules(*one.policy, overrides, refused);
      for (const auto& line : refused)
        result_.refused.push_back((tenant.slug.empty() ? "" : "tenant " + tenant.slug + ": ") +
                                  line);
    }
    result_.tenants.push_back(std::move(one));
  }

  Connection& connection_;
  const DataMap& map_;
  const PolicyCatalogue& policies_;
  std::vector<std::string> columns_;
  std::string sql_;
  ScheduledTenants result_;
};

}  // namespace

ScheduledTenants read_scheduled_tenants(Connection& connection, const DataMap& map,
                                        const Catalogue& catalogue,
                                        const PolicyCatalogue& policies) {
  if (const auto why = cannot_see_tenants(map, catalogue))
    throw Error(ExitCode::partial, "cannot see the tenants: " + *why,
                "Run dsarctl doctor: it names the privileges that are missing.");
  return TenantReader(connection, map, policies).run();
}

std::map<std::string, ClockType> read_clock_types(Connection& connection, const DataMap& map,
                                                  const Catalogue& catalogue,
                                                  std::vector<CannotSee>& cannot_see) {
  std::map<std::string, ClockType> types;
  for (const auto& ref : record_sets(map)) {
    auto why = cannot_read(catalogue, ref.table->name, columns_of_dates(catalogue, ref));
    const auto* column = column_of_clock(catalogue, ref);
    if (!why && column != nullptr)
      types[ref.set->name] = type_named(column->type, "record set " + ref.set->name);
    const bool has_clock = ref.set->clock && ref.set->clock->expression;
    const bool asks = (has_clock && column == nullptr) || !ref.set->events.empty();
    if (!why && asks)
      why = unless_forbidden(connection, [&] {
        auto read = types_of(connection, ref, column != nullptr);
        types.merge(read);
      });
    if (why) cannot_see.push_back({ref.set->name, *why});
  }
  return types;
}

}  // namespace dsar::pg
