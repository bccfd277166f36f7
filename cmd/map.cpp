#include "cmd/map.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "cmd/cli.hpp"
#include "cmd/output.hpp"
#include "cmd/reading.hpp"
#include "core/map/check.hpp"
#include "core/pg/map_check.hpp"
#include "core/policy_map_check.hpp"
#include "core/unknown_tenants.hpp"
#include "core/zone.hpp"
#include "formats/findings_report.hpp"
#include "formats/map_graph.hpp"
#include "formats/map_reader.hpp"
#include "formats/own_tables.hpp"

namespace dsar::cmd {
namespace {

/// By slug; nothing where the tenants cannot be read: a table or column that is missing or closed
/// to the role is a finding already. The transaction is of no use afterwards.
std::optional<std::map<std::string, std::string>> tenant_policies(Reading& reading) {
  std::map<std::string, std::string> policies;
  if (!reading.map.tenants) return policies;
  try {
    for (const auto& tenant : pg::list_tenants(reading.connection, reading.map))
      policies.emplace(tenant.slug, tenant.policy);
  } catch (const pg::ServerError& error) {
    const std::string_view wrong_or_forbidden = "42";
    if (!error.sqlstate().starts_with(wrong_or_forbidden)) throw;
    return std::nullopt;
  }
  return policies;
}

}  // namespace

void register_map(App app, Context& context) {
  const auto map =
      add_group(app, {.name = "map",
                      .summary = "check and show the data map",
                      .description = "The data map says where personal data lives in this "
                                     "database; see dsarctl-map(5).",
                      .exit_codes = {},
                      .example = "dsarctl map check"});
  add_command(map, context,
              {.name = "check",
               .summary = "compare the map with the live catalogue",
               .description = "Names what the database lacks or the map does not classify, and "
                              "what does not prepare, fit or look as declared.",
               .exit_codes = {ExitCode::findings, ExitCode::database},
               .example = "dsarctl map check --json"},
              run_map_check);
  const auto show = add_command(map, context,
                                {.name = "show",
                                 .summary = "show record sets, their links and what they hold",
                                 .description = "Needs no database.",
                                 .exit_codes = {},
                                 .example = "dsarctl map show --dot | dot -Tsvg >map.svg"},
                                run_map_show);
  show.app.add_flag("--dot", show.options.dot, "as a graph in Graphviz's language");
}

ExitCode run_map_check(const MapCheckOptions& /*options*/, Context& context) {
  Reading reading(context);
  auto findings = check_map(reading.map, reading.catalogue);
  auto live = pg::check_map_live(reading.connection, reading.map, reading.catalogue);
  findings.insert(findings.end(), std::make_move_iterator(live.begin()),
                  std::make_move_iterator(live.end()));
  auto promised = check_policies(reading.map, reading.policies);
  findings.insert(findings.end(), std::make_move_iterator(promised.begin()),
                  std::make_move_iterator(promised.end()));
  if (const auto tenants = tenant_policies(reading)) {
    auto of_nobody = findings_of(periods_of_nobody(reading.map, reading.policies, *tenants));
    findings.insert(findings.end(), std::make_move_iterator(of_nobody.begin()),
                    std::make_move_iterator(of_nobody.end()));
  }
  const auto result =
      apply_waivers(std::move(findings), reading.map.waivers, Zone().date_of(context.now));
  emit(
      context, [&] { return formats::findings_text(result); },
      [&] { return formats::findings_json(result); });
  return result.open.empty() ? ExitCode::done : ExitCode::findings;
}

ExitCode run_map_show(const MapShowOptions& options, Context& context) {
  const auto map = formats::with_own_tables(formats::read_map(required_map(context)));
  if (options.dot)
    emit_text(context, formats::map_dot(map));
  else
    emit(
        context, [&] { return formats::map_text(map); }, [&] { return formats::map_json(map); });
  return ExitCode::done;
}

}  // namespace dsar::cmd
