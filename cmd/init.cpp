#include "cmd/init.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cmd/cli.hpp"
#include "cmd/output.hpp"
#include "cmd/version.hpp"
#include "core/grants.hpp"
#include "core/pg/cancel_on_stop.hpp"
#include "core/pg/migrations.hpp"
#include "formats/map_reader.hpp"
#include "formats/printable.hpp"

namespace dsar::cmd {

namespace {

std::string to_text(const pg::MigrationReport& report) {
  std::string text;
  if (report.created) text += "created the schema dsar\n";
  for (const auto& name : report.applied) text += "applied: " + name + '\n';
  return text + "database " + formats::printable(report.database) +
         ": the schema dsar is at version " + std::to_string(report.version) +
         (report.applied.empty() ? ", nothing to do\n" : "\n");
}

nlohmann::ordered_json to_json(const pg::MigrationReport& report) {
  return {{"database", report.database},
          {"created", report.created},
          {"version_before", report.version_before},
          {"version", report.version},
          {"applied", report.applied}};
}

ExitCode print_grants(Context& context) {
  std::optional<DataMap> map;
  if (!context.globals.map.empty()) map = formats::read_map(context.globals.map);
  const auto sql = grants_sql(map ? &*map : nullptr);
  emit(
      context, [&] { return sql; },
      [&] {
        return nlohmann::ordered_json{{"sql", sql}};
      });
  return ExitCode::done;
}

}  // namespace

void register_init(App app, Context& context) {
  const auto command = add_command(
      app, context,
      {.name = "init",
       .summary = "create or upgrade the tool's own schema",
       .description = "Creates the schema 'dsar' in the database, or brings it up to date; does "
                      "nothing when it is. With --grants prints SQL for three roles of least "
                      "privilege, made from the data map, and changes nothing.",
       .exit_codes = {ExitCode::database, ExitCode::refused},
       .example = "dsarctl init --grants --map map.json | psql"},
      run_init);
  command.app.add_flag("--grants", command.options.grants,
                       "print SQL for the roles dsar_reader, dsar_officer and dsar_sweeper");
}

ExitCode run_init(const InitOptions& options, Context& context) {
  if (options.grants) return print_grants(context);
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  const auto report = pg::migrate(connection, version);
  emit(
      context, [&] { return to_text(report); }, [&] { return to_json(report); });
  return ExitCode::done;
}

}  // namespace dsar::cmd
