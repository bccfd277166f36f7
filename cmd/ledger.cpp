#include "cmd/ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/cli.hpp"
#include "cmd/ledger_record.hpp"
#include "cmd/officer.hpp"
#include "cmd/output.hpp"
#include "core/pg/migrations.hpp"
#include "formats/ledger_file.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

void add_entry(formats::TextTable& table, const LedgerEntry& entry) {
  table.add({std::to_string(entry.number), entry.at, std::string(to_string(entry.kind)),
             entry.of == 0 ? entry.id : std::to_string(entry.of), entry.tenant_key,
             std::to_string(entry.rows.size()), entry.note});
}

}  // namespace

void register_ledger(App app, Context& context) {
  const auto ledger = add_group(
      app, {.name = "ledger",
            .summary = "do again what a restored backup has undone",
            .description = "The file of --ledger knows what was erased, held, restricted and put "
                           "right, people as keyed hashes.",
            .exit_codes = {},
            .example = "dsarctl ledger replay"});
  const auto show = add_command(ledger, context,
                                {.name = "show",
                                 .summary = "list the ledger's entries",
                                 .description = "Needs no database.",
                                 .exit_codes = {ExitCode::refused},
                                 .example = "dsarctl ledger show"},
                                run_ledger_show);
  show.app.add_flag("--open", show.options.open, "only those that nothing has undone or settled");
  add_command(ledger, context,
              {.name = "verify",
               .summary = "check that the ledger is whole and the database as new as it",
               .description = "",
               .exit_codes = {ExitCode::findings, ExitCode::database, ExitCode::refused},
               .example = "dsarctl ledger verify"},
              run_ledger_verify);
  const auto replay = add_command(
      ledger, context,
      {.name = "replay",
       .summary = "do again what a restored backup has undone",
       .description =
           "Shows what the ledger knows and the database does not. With --apply, people whose rows "
           "have come back are erased again, with a new certificate, and holds and choices are "
           "made again; what cannot be is to be done by hand and then settled.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused},
       .example = "dsarctl ledger replay --apply --signing-key signing.pem"},
      run_ledger_replay);
  replay.app.add_flag("--apply", replay.options.apply, "do it");
  replay.app
      .add_option("--include", replay.options.include,
                  "do this entry too, of which nobody knows whether it was ever done; may be "
                  "repeated")
      .type_name("NUMBER")
      .one_value();
  replay.app.add_option("--since", replay.options.since, "only entries from this time on")
      .type_name("TIME");
  replay.app
      .add_option("--signing-key", replay.options.signing_key,
                  "sign the certificates with this Ed25519 key")
      .type_name("FILE");
  const auto settle =
      add_command(ledger, context,
                  {.name = "settle",
                   .summary = "say that an entry has been seen to by hand",
                   .description = "It no longer keeps sweeps and erasures from running.",
                   .exit_codes = {ExitCode::refused},
                   .example = "dsarctl ledger settle 12 --reason 'placed again as hold 3'"},
                  run_ledger_settle);
  settle.app.add_option("NUMBER", settle.options.number, "the entry's number").required();
  settle.app.add_option("--reason", settle.options.reason, "why, without naming anybody")
      .type_name("TEXT")
      .required();
}

ExitCode run_ledger_show(const LedgerShowOptions& options, Context& context) {
  auto entries = formats::read_ledger(required_ledger(context));
  if (options.open) {
    auto state = state_of(entries);
    entries = std::move(state.decided);
    entries.insert(entries.end(), state.undecided.begin(), state.undecided.end());
  }
  emit(
      context,
      [&] {
        formats::TextTable table({{"entry", formats::Align::right},
                                  {"at"},
                                  {"kind"},
                                  {"of"},
                                  {"tenant"},
                                  {"rows", formats::Align::right},
                                  {"note"}});
        for (const auto& entry : entries) add_entry(table, entry);
        return table.empty() ? std::string("The ledger has no entries.\n") : table.text();
      },
      [&] {
        auto list = Json::array();
        for (const auto& entry : entries) list.push_back(formats::ledger_entry_json(entry));
        return Json{{"entries", std::move(list)}};
      });
  return ExitCode::done;
}

ExitCode run_ledger_verify(const LedgerVerifyOptions& /*options*/, Context& context) {
  const auto entries = formats::read_ledger(required_ledger(context));
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  pg::require_schema(connection);
  const auto gap = ledger_gap(context, connection);
  const bool level = gap.lost.empty() && gap.undecided.empty();
  emit(
      context,
      [&] {
        auto text = std::to_string(entries.size()) + " entries, each as it was written\n";
        if (level) return text + "the database has all of them\n";
        return text + "the database lacks " + std::to_string(gap.lost.size()) +
               " that were done and " + std::to_string(gap.undecided.size()) +
               " of which nobody knows: see dsarctl ledger replay\n";
      },
      [&] {
        return Json{{"entries", entries.size()},
                    {"lost", gap.lost.size()},
                    {"undecided", gap.undecided.size()}};
      });
  return level ? ExitCode::done : ExitCode::findings;
}

ExitCode run_ledger_settle(const LedgerSettleOptions& options, Context& context) {
  const auto reason = text_of_option("--reason", options.reason);
  const auto state = state_of(formats::read_ledger(required_ledger(context)));
  const auto open = [&](const std::vector<LedgerEntry>& entries) {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const LedgerEntry& entry) { return entry.number == options.number; });
  };
  if (!open(state.decided) && !open(state.undecided))
    throw Error(ExitCode::usage, "the ledger has no open entry " + std::to_string(options.number),
                "Run dsarctl ledger show --open.");
  append_about(context, LedgerKind::settled, options.number, reason);
  emit(
      context, [&] { return "settled entry " + std::to_string(options.number) + "\n"; },
      [&] {
        return Json{{"entry", options.number}, {"settled", true}};
      });
  return ExitCode::done;
}

}  // namespace dsar::cmd
