#include "cmd/doctor.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cmd/cli.hpp"
#include "cmd/ledger_health.hpp"
#include "cmd/output.hpp"
#include "core/fault.hpp"
#include "core/map/check.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/cancel_on_stop.hpp"
#include "core/pg/catalogue.hpp"
#include "core/pg/health.hpp"
#include "core/pg/migrations.hpp"
#include "formats/health_report.hpp"
#include "formats/map_reader.hpp"
#include "formats/own_tables.hpp"

namespace dsar::cmd {

namespace {

/// Erasures that were begun and are not done.
std::vector<HealthLine> unfinished_erasures(pg::Connection& connection) {
  const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
  if (pg::schema_version(connection) != pg::known_schema_version()) return {};
  std::vector<HealthLine> lines;
  for (const auto& begun : pg::list_begun(connection))
    lines.push_back({"erasure", Health::warning,
                     "erasure " + begun.id +
                         (begun.whole_tenant ? " of tenant " + begun.tenant : "") +
                         " was begun by " + begun.actor + ", and is not done",
                     "Run 'dsarctl erase resume " + begun.id + " --apply': it goes on."});
  return lines;
}

void append(std::vector<HealthLine>& lines, std::vector<HealthLine> more) {
  for (auto& line : more) lines.push_back(std::move(line));
}

/// The map when there is one to be read; else a line that says why not.
std::optional<DataMap> read_map(const Context& context, std::vector<HealthLine>& lines) {
  if (context.globals.map.empty()) {
    lines.push_back({"map", Health::warning, "no data map given",
                     "Give one with --map or DSARCTL_MAP: without it nothing can be found."});
    return std::nullopt;
  }
  try {
    return formats::read_map(context.globals.map);
  } catch (const Error& error) {
    lines.push_back({"map", Health::error, error.what(),
                     error.hint().empty() ? "Run 'dsarctl map check'." : error.hint()});
    return std::nullopt;
  }
}

HealthLine compare(const DataMap& map, const Catalogue& catalogue, Instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto open = apply_waivers(check_map(map, catalogue), map.waivers, today).open.size();
  if (open == 0) return {"map", Health::ok, "agrees with the database's tables and columns", ""};
  return {
      "map", Health::warning,
      "disagrees with the database in " + std::to_string(open) + (open == 1 ? " place" : " places"),
      "Run 'dsarctl map check'."};
}

}  // namespace

void register_doctor(App app, Context& context) {
  add_command(app, context,
              {.name = "doctor",
               .summary = "check that everything is as dsarctl needs it",
               .description =
                   "Looks at the connection, the server, the role and the tool's own schema, and "
                   "at what the data map wants to read, and at the ledger. Each line is ok, a "
                   "warning or an error; "
                   "what needs something done says what. Changes nothing.",
               .exit_codes = {ExitCode::findings, ExitCode::database, ExitCode::refused},
               .example = "dsarctl doctor --map map.json"},
              run_doctor);
}

ExitCode run_doctor(const DoctorOptions& /*options*/, Context& context) {
  std::vector<HealthLine> of_map;
  auto map = read_map(context, of_map);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  auto lines = check_server(
      pg::read_server_facts(connection, context.globals.db, &std::chrono::system_clock::now));
  append(lines, unfinished_erasures(connection));
  append(lines, std::move(of_map));
  if (map) {
    const auto catalogue = pg::read_catalogue(connection);
    map = formats::with_own_tables(std::move(*map), catalogue);
    lines.push_back(compare(*map, catalogue, context.now));
    append(lines, check_access(*map, catalogue));
    append(lines, check_indexes(*map, catalogue));
  }
  append(lines, check_ledger(context, connection));
  emit(
      context, [&] { return formats::health_text(lines); },
      [&] { return formats::health_json(lines); });
  const bool failed = std::any_of(lines.begin(), lines.end(), [](const HealthLine& line) {
    return line.health == Health::error;
  });
  return failed ? ExitCode::findings : ExitCode::done;
}

}  // namespace dsar::cmd
