#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/object_lines.hpp"
#include "cmd/output.hpp"
#include "cmd/sweep.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {

ExitCode run_sweep_history(const SweepHistoryOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  const auto runs = pg::list_runs(connection, options.limit);
  using Json = nlohmann::ordered_json;
  const auto number = [](const Json& result, const char* name) -> std::string {
    return result.is_object() && result.contains(name) ? result.at(name).dump() : std::string();
  };
  emit(
      context,
      [&] {
        formats::TextTable table({{"run", formats::Align::right},
                                  {"started"},
                                  {"ended"},
                                  {"state"},
                                  {"as of"},
                                  {"by"},
                                  {"due", formats::Align::right},
                                  {"gone", formats::Align::right},
                                  {"left", formats::Align::right}});
        for (const auto& run : runs) {
          const auto result = run.result.empty() ? Json() : Json::parse(run.result);
          table.add({run.id, run.started, run.finished, run.state, run.as_of, run.actor,
                     number(result, "due"), number(result, "gone"), number(result, "left")});
        }
        return table.empty() ? std::string("No sweep has run yet.\n") : table.text();
      },
      [&] {
        auto list = Json::array();
        for (const auto& run : runs)
          list.push_back({{"run", run.id},
                          {"started", run.started},
                          {"ended", run.finished},
                          {"state", run.state},
                          {"actor", run.actor},
                          {"as_of", run.as_of},
                          {"result", run.result.empty() ? Json() : Json::parse(run.result)}});
        return Json{{"runs", std::move(list)}};
      });
  return ExitCode::done;
}

ExitCode run_sweep_objects(const SweepObjectsOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  using Json = nlohmann::ordered_json;
  auto note = note_of(context, "sweep objects");
  if (!options.confirm.empty()) {
    std::vector<std::string> ids;
    for (const auto& report : reported_objects(options.confirm, context)) {
      if (report.state != ObjectState::failed) ids.push_back(report.id);
    }
    pg::Transaction transaction(connection, pg::TransactionMode::read_write);
    const auto confirmed = pg::confirm_removed_objects(connection, ids);
    note.facts = {{"confirmed", std::to_string(confirmed)}};
    pg::append_audit(connection, note);
    transaction.commit();
    emit(
        context,
        [&] {
          return std::to_string(confirmed) + (confirmed == 1 ? " object" : " objects") +
                 " confirmed\n";
        },
        [&] {
          return Json{{"confirmed", confirmed}};
        });
    return ExitCode::done;
  }
  std::string lines;
  for (const auto& object : pg::list_removed_objects(connection, options.all))
    lines += Json{{"id", object.id},
                  {"run", object.run},
                  {"store", object.store},
                  {"key", object.key.empty() ? Json(nullptr) : Json(object.key)}}
                 .dump(-1, ' ', true) +
             "\n";
  put_on_record(context, note);
  emit_text(context, lines);
  return ExitCode::done;
}

}  // namespace dsar::cmd
