#include "cmd/erase_objects.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/object_lines.hpp"
#include "cmd/output.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

void register_erase_objects(CLI::App& erase, Context& context) {
  const auto list = add_command(
      erase, context,
      {.name = "objects",
       .summary = "list objects outside the database whose rows are erased",
       .description = "One JSON object a line, for a script that removes them and hands the lines "
                      "to confirm-objects.",
       .exit_codes = {ExitCode::database},
       .example = "dsarctl erase objects >gone.ndjson"},
      run_erase_objects);
  list.app.add_option("ID", list.options.id, "only of this erasure, or the one that begins so");
  list.app.add_flag("--all", list.options.all, "those that were confirmed too");
  const auto confirm = add_command(erase, context,
                                   {.name = "confirm-objects",
                                    .summary = "note that such objects have been removed",
                                    .description = "",
                                    .exit_codes = {ExitCode::database},
                                    .example = "dsarctl erase confirm-objects gone.ndjson"},
                                   run_erase_confirm_objects);
  confirm.app
      .add_option("FILE", confirm.options.file,
                  "lines of objects that have been removed; - reads standard input")
      ->required();
}

ExitCode run_erase_objects(const EraseObjectsOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  const auto erasure =
      options.id.empty() ? std::string() : pg::find_erasure(connection, options.id).id;
  std::string lines;
  for (const auto& object : pg::list_erased_objects(connection, erasure, options.all))
    lines += Json{{"id", object.id},
                  {"erasure", object.erasure},
                  {"store", object.store},
                  {"key", object.key}}
                 .dump(-1, ' ', true) +
             "\n";
  auto note = note_of(context, "erase objects");
  if (!erasure.empty()) note.facts = {{"erasure", erasure}};
  put_on_record(context, note);
  emit_text(context, lines);
  return ExitCode::done;
}

ExitCode run_erase_confirm_objects(const EraseConfirmObjectsOptions& options, Context& context) {
  const auto ids = confirmed_objects(options.file, context);
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  std::uint64_t confirmed = 0;
  {
    pg::Transaction transaction(connection, pg::TransactionMode::read_write);
    confirmed = pg::confirm_erased_objects(connection, ids);
    auto note = note_of(context, "erase confirm-objects");
    note.facts = {{"confirmed", std::to_string(confirmed)}};
    pg::append_audit(connection, note);
    transaction.commit();
  }
  emit(
      context, [&] { return std::to_string(confirmed) + " objects confirmed\n"; },
      [&] {
        return Json{{"confirmed", confirmed}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd
