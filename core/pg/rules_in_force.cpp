#include "core/pg/rules_in_force.hpp"

#include <string>

#include "core/sql.hpp"
#include "core/sql_fragment.hpp"

namespace dsar::pg {
namespace {

/// What the tenant's row says, or nothing where it says nothing or cannot be asked.
std::optional<std::string> asked(Connection& connection, const Tenants& tenants,
                                 const SqlFragment& expression, const std::string& key) {
  try {
    Savepoint savepoint(connection);
    const auto answer =
        connection.exec("SELECT (" + bind_aliases(expression.text, {{"this", "t0"}}) +
                            ")::text FROM " + quote(tenants.table) + " AS t0 WHERE " +
                            qualify("t0", tenants.key).text() + "::text = $1",
                        {key});
    savepoint.keep();
    const auto text = answer->rows() == 1 ? answer->at(0, 0) : std::nullopt;
    return text ? std::optional<std::string>(*text) : std::nullopt;
  } catch (const ServerError& error) {
    if (error.code() == ExitCode::database) throw;
    return std::nullopt;
  }
}

}  // namespace

std::vector<EffectiveRule> rules_in_force(Connection& connection, const DataMap& map,
                                          const PolicyEntry& policy, const Tenant& tenant) {
  auto overrides = overrides_for(policy, tenant.slug);
  for (const auto& one : map.overrides) {
    // What the map sets is for the policies that have the rule.
    if (!map.tenants || find_rule(policy.policy, one.rule) == nullptr) continue;
    std::optional<Period> period;
    if (!one.expression) {
      if (one.tenant == tenant.slug) period = parse_period(one.period);
    } else if (const auto count = asked(connection, *map.tenants, *one.expression, tenant.key)) {
      period = parse_period(*count + " " + one.unit);
    }
    if (period) overrides.push_back({one.rule, *period, one.reason, {}});
  }
  std::vector<std::string> refused;
  return effective_rules(policy.policy, overrides, refused);
}

}  // namespace dsar::pg
