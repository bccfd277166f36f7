#include "cmd/erase_objects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/actor.hpp"
#include "cmd/audit_trail.hpp"
#include "cmd/cli.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/logging.hpp"
#include "cmd/object_lines.hpp"
#include "cmd/output.hpp"
#include "core/crypto/hmac.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/begun_erasures.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/objects_statement.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// States how far the objects of the erasure have come, in the transaction that is open.
formats::ObjectsStatement state(pg::Connection& connection, const pg::StoredErasure& erasure,
                                const SigningKey& key, const std::string& hash_key_id,
                                const Context& context) {
  const auto last = pg::last_statement(connection, erasure.id);

  formats::ObjectsStatement statement;
  statement.erasure = erasure.id;
  statement.certificate_sha256 = sha256_hex(erasure.certificate);
  statement.signing_key_id = key.id();
  statement.number = last ? last->number + 1 : 1;
  statement.stated_at = pg::server_clock(connection);
  statement.stores = pg::states_of_objects(connection, erasure.id, hash_key_id);
  statement.hash_key_id = hash_key_id;

  const auto text = formats::objects_statement_text(statement);
  pg::store_statement(connection,
                      {erasure.id, statement.number, actor_name(context), text, key.sign(text)});
  auto note = note_of(context, "erase confirm-objects");
  note.tenant_key = erasure.tenant_key;
  note.facts = {{"stage", "stated"},
                {"erasure", erasure.id},
                {"statement", std::to_string(statement.number)},
                {"open", std::to_string(statement.open())},
                {"statement_sha256", sha256_hex(text)}};
  pg::append_audit(connection, note);
  return statement;
}

/// Of every erasure that objects of were reported; those that are not done have no certificate yet
/// that a statement could be bound to.
std::vector<formats::ObjectsStatement> state_all(pg::Connection& connection,
                                                 const std::vector<ObjectReport>& reports,
                                                 const SigningKey& key,
                                                 const std::string& hash_key_id,
                                                 const Context& context) {
  const auto begun = pg::list_begun(connection);
  std::vector<formats::ObjectsStatement> statements;
  for (const auto& id : pg::erasures_of(connection, reports)) {
    const bool done = std::none_of(begun.begin(), begun.end(),
                                   [&](const pg::BegunErasure& one) { return one.id == id; });
    if (done) {
      statements.push_back(
          state(connection, pg::find_erasure(connection, id), key, hash_key_id, context));
    } else {
      log_warning("erasure " + id + " is not done: hand these lines over again once it is, and " +
                  "a statement is signed");
    }
  }
  return statements;
}

std::uint64_t with_state(const std::vector<ObjectReport>& reports, ObjectState state) {
  return static_cast<std::uint64_t>(
      std::count_if(reports.begin(), reports.end(),
                    [&](const ObjectReport& report) { return report.state == state; }));
}

std::string text_of(std::uint64_t noted, std::uint64_t failed,
                    const std::vector<formats::ObjectsStatement>& statements) {
  auto text = std::to_string(noted) + (noted == 1 ? " object" : " objects") + " newly reported";
  if (failed > 0) text += ", " + std::to_string(failed) + " of all failed";
  text += "\n";
  for (const auto& one : statements)
    text += "Erasure " + one.erasure + ": " + formats::objects_statement_report(one);
  return text;
}

Json json_of(std::uint64_t noted, std::uint64_t failed,
             const std::vector<formats::ObjectsStatement>& statements) {
  auto list = Json::array();
  for (const auto& one : statements)
    list.push_back({{"erasure", one.erasure}, {"number", one.number}, {"open", one.open()}});
  return {{"reported", noted}, {"failed", failed}, {"statements", std::move(list)}};
}

}  // namespace

void register_erase_objects(App erase, Context& context) {
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
  const auto confirm = add_command(
      erase, context,
      {.name = "confirm-objects",
       .summary = "note what has become of such objects, and sign it",
       .description = "A line may say so: \"state\": \"deleted\", \"not-found\" or \"failed\"; "
                      "without it the object has been deleted.",
       .exit_codes = {ExitCode::partial, ExitCode::database},
       .example = "dsarctl erase confirm-objects gone.ndjson --signing-key officer.pem"},
      run_erase_confirm_objects);
  confirm.app
      .add_option("FILE", confirm.options.file,
                  "lines of objects that were dealt with; - reads standard input")
      .required();
  confirm.app
      .add_option("--signing-key", confirm.options.signing_key,
                  "sign a statement for each erasure's certificate with this Ed25519 key")
      .type_name("FILE");
}

ExitCode run_erase_objects(const EraseObjectsOptions& options, Context& context) {
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  const auto erasure =
      options.id.empty() ? std::string() : pg::find_erasure(connection, options.id).id;
  std::string lines;
  for (const auto& object : pg::list_erased_objects(connection, erasure, options.all)) {
    Json line{{"id", object.id},
              {"erasure", object.erasure},
              {"store", object.store},
              {"key", object.key.empty() ? Json(nullptr) : Json(object.key)}};
    if (object.state) line["state"] = to_string(*object.state);
    lines += line.dump(-1, ' ', true) + "\n";
  }
  auto note = note_of(context, "erase objects");
  if (!erasure.empty()) note.facts = {{"erasure", erasure}};
  put_on_record(context, note);
  emit_text(context, lines);
  return ExitCode::done;
}

ExitCode run_erase_confirm_objects(const EraseConfirmObjectsOptions& options, Context& context) {
  std::optional<SigningKey> key;
  if (!options.signing_key.empty()) key = read_signing_key(options.signing_key);
  std::optional<pg::ObjectHashKey> hashing;
  if (auto secret = hash_key(context); !secret.empty())
    hashing = pg::ObjectHashKey{hmac_key_id(secret), std::move(secret)};
  const auto reports = reported_objects(options.file, context);
  const auto failed = with_state(reports, ObjectState::failed);
  pg::Connection connection(context.globals.db);
  pg::require_schema(connection);
  std::uint64_t noted = 0;
  std::vector<formats::ObjectsStatement> statements;
  {
    pg::Transaction transaction(connection, pg::TransactionMode::read_write);
    pg::begin_reporting(connection);
    noted = pg::report_erased_objects(connection, reports, hashing);
    if (key) statements = state_all(connection, reports, *key, hashing ? hashing->id : "", context);
    auto note = note_of(context, "erase confirm-objects");
    note.facts = {{"confirmed", std::to_string(noted)}, {"failed", std::to_string(failed)}};
    pg::append_audit(connection, note);
    transaction.commit();
  }
  emit(
      context, [&] { return text_of(noted, failed, statements); },
      [&] { return json_of(noted, failed, statements); });
  return failed == 0 ? ExitCode::done : ExitCode::partial;
}

}  // namespace dsar::cmd
