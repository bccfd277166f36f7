#include "core/sweep_rows.hpp"

#include <map>

#include "core/sql_fragment.hpp"
#include "core/tenant_sql.hpp"

namespace dsar {
namespace {

using Parts = std::vector<std::string>;

constexpr const char* row = "t0";
constexpr const char* never = "false";

std::string in_scope(const Scope& scope, const std::string& alias, SqlStatement& statement) {
  const auto condition = scope(alias, statement);
  return condition.empty() ? "" : condition + " AND ";
}

}  // namespace

std::string from_table(const SetRef& set) {
  return "FROM " + quote(set.table->name) + (" AS \"" + std::string(row) + "\"");
}

std::string tenant_of(const SweepWorld& world, const SetRef& set) {
  return tenant_expression(world.map, *set.table, row);
}

std::string exists_row(const SetRef& set, const std::string& alias, const std::string& condition) {
  return "EXISTS (SELECT 1 FROM " + quote(set.table->name) + " AS " + quote(alias).text() +
         " WHERE " + condition + ")";
}

std::string and_not(const std::string& condition) {
  return condition == never ? "" : " AND (" + condition + ") IS NOT TRUE";
}

std::string by_law(SweepConditions& conditions, const SweepPass& pass, const std::string& alias) {
  if (pass.masks == MaskScope::on_ground) return never;
  return conditions.kept_by_law(pass.set, alias, pass.tenants);
}

std::string rows_going(SweepConditions& conditions, const SweepPass& pass, const Scope& scope,
                       const std::string& alias, SqlStatement& statement) {
  return in_scope(scope, alias, statement) + conditions.due(pass, alias) +
         (pass.held_keys ? conditions.not_held_key(pass, alias)
                         : and_not(conditions.held(pass.set, alias))) +
         and_not(by_law(conditions, pass, alias)) +
         (pass.action == SweepAction::remove ? and_not(conditions.blocked(pass, alias)) : "");
}

std::string hangs_on(SweepConditions& conditions, const std::vector<ReachStep>& chain,
                     std::size_t index, const std::string& alias,
                     const std::vector<const SetSchedule*>& tenants,
                     const std::function<std::string(const std::string&)>& end) {
  const auto& step = chain[index];
  const auto parent = alias + "p";
  std::map<std::string, std::string> aliases{{"this", alias}, {"that", parent}};
  Parts parts;
  if (step.from.set->predicate)
    parts.push_back("(" + bind_aliases(step.from.set->predicate->text, {{"this", alias}}) + ")");
  auto before = alias;
  Parts opened;
  int hops = 0;
  std::string closing;
  std::string text;
  for (const auto& hop : step.link->via) {
    const auto next = alias + "h" + std::to_string(++hops);
    aliases[hop.alias] = next;
    Parts match;
    for (const auto& pair : hop.match)
      match.push_back(qualify(next, pair.far) + " = " + qualify(before, pair.near).text());
    if (hop.on) match.push_back("(" + bind_aliases(hop.on->text, aliases) + ")");
    text += "EXISTS (SELECT 1 FROM " + quote(hop.table) + " AS " + quote(next).text() + " WHERE " +
            join(match, " AND ") + (match.empty() ? "" : " AND ");
    closing += ")";
    before = next;
  }
  Parts match;
  for (const auto& pair : step.link->match)
    match.push_back(qualify(parent, pair.far) + " = " + qualify(before, pair.near).text());
  if (step.link->on) match.push_back("(" + bind_aliases(step.link->on->text, aliases) + ")");
  match.push_back(index + 1 == chain.size()
                      ? end(parent)
                      : hangs_on(conditions, chain, index + 1, parent, tenants, end));
  text += exists_row(step.to, parent, join(match, " AND ")) + closing;
  parts.push_back(text);
  auto condition = join(parts, " AND ");
  condition += and_not(conditions.held(step.from, alias));
  return condition + and_not(conditions.kept_by_law(step.from, alias,
                                                    conditions.same_tenants(step.from, tenants)));
}

std::string clock_text(const std::string& expression, ClockType type, const Clock& clock,
                       const Zone& zone) {
  switch (type) {
    case ClockType::date:
      return "(" + expression + ")::text";
    case ClockType::timestamptz:
      return "to_char((" + expression +
             ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    case ClockType::timestamp:
      return "to_char((" + expression + ") AT TIME ZONE " +
             string_literal(clock.zone.empty() ? zone.name() : clock.zone) +
             " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    case ClockType::number:
      return "to_char(to_timestamp((" + expression + ")" +
             (clock.epoch == EpochUnit::milliseconds ? " / 1000.0" : "") +
             ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
  }
  return "NULL";
}

}  // namespace dsar
