#include "cmd/erase_scan.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "cmd/cli.hpp"
#include "cmd/erase_residue.hpp"
#include "cmd/guarded_file.hpp"
#include "cmd/output.hpp"
#include "cmd/residue_text.hpp"
#include "cmd/signed_files.hpp"
#include "core/audit.hpp"
#include "core/crypto/hmac.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/migrations.hpp"
#include "core/rfc3339.hpp"
#include "formats/certificate_reader.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// Those of the identities that are in the erasure's certificate; throws Error if there is none.
/// Nothing where nobody can tell.
std::optional<std::vector<Identity>> proven(const pg::StoredErasure& erasure,
                                            const std::vector<Identity>& asked,
                                            const Context& context) {
  const auto facts = formats::read_certificate(erasure.certificate, "the certificate").facts;
  if (facts.hash_key_id.empty() || facts.subject.empty()) return std::nullopt;
  const auto key = hash_key(context);
  if (key.empty() || hmac_key_id(key) != facts.hash_key_id)
    throw Error(ExitCode::usage, "the certificate names the person by key " + facts.hash_key_id +
                                     ", which --hash-key has to give");
  std::vector<Identity> known;
  std::copy_if(asked.begin(), asked.end(), std::back_inserter(known), [&](const Identity& one) {
    return std::find(facts.subject.begin(), facts.subject.end(),
                     subject_hash(key, one.kind, one.value)) != facts.subject.end();
  });
  if (known.empty())
    throw Error(ExitCode::refused,
                "erasure " + erasure.id + " was asked for by none of these identities",
                "Give one that the request came with, and others of the person beside it.");
  return known;
}

/// Rows of the person that were withheld and are there still.
pg::KnownRows known_rows(Reading& reading, const pg::StoredErasure& erasure) {
  pg::KnownRows known;
  for (const auto& [name, keys] : pg::withheld_rows(reading.connection, erasure.id)) {
    const auto set = find_set(reading.map, name);
    if (set.set != nullptr) known[set.table->name].insert(keys.begin(), keys.end());
  }
  return known;
}

/// The person, as far as strong identities still find rows. A telephone number that a household
/// shares may be somebody else's alone by now.
FoundSubject who_is_left(Reading& reading, Context& context, const pg::StoredErasure& erasure,
                         const std::vector<Identity>& asked) {
  SubjectQuestion question;
  question.asked = strong_ones(reading.map, asked);
  FoundSubject found;
  if (!question.asked.empty()) {
    context.globals.tenant = erasure.tenant;
    found = find_subject(reading, context, question);
    if (found.closure.outcome != ClosureOutcome::found) found = {};
  }
  found.tenant = pg::tenant_of_key(reading.connection, reading.map, erasure.tenant_key);
  return found;
}

}  // namespace

void register_erase_scan(App erase, Context& context) {
  const auto command = add_command(
      erase, context,
      {.name = "scan",
       .summary = "search for copies elsewhere once an erasure is done",
       .description = "Where the search was left for later or was not finished. It needs the "
                      "person's identities again, which nothing else knows any more, and closes "
                      "the certificate.",
       .exit_codes = {ExitCode::partial, ExitCode::database, ExitCode::refused},
       .example = "dsarctl erase scan 7fb055bb --identities-from ada.txt --signing-key dpo.pem"},
      run_erase_scan);
  auto& options = command.options;
  command.app.add_option("ID", options.id, "the number of the erasure, or how it begins")
      .required();
  add_identity_options(command.app, options.subject);
  command.app
      .add_option("--signing-key", options.signing_key, "sign the statement with this Ed25519 key")
      .required()
      .type_name("FILE");
  command.app
      .add_option("--certificate", options.certificate,
                  "write the statement beside this file of the certificate, as FILE.residue")
      .type_name("FILE");
}

ExitCode run_erase_scan(const EraseScanOptions& options, Context& context) {
  const auto key = read_signing_key(options.signing_key);
  const auto identities = read_identities(options.subject, context);
  Reading reading(context);
  pg::require_schema(reading.connection);
  const auto erasure = pg::find_erasure(reading.connection, options.id);
  if (pg::find_residue(reading.connection, erasure.id))
    throw Error(ExitCode::usage, "erasure " + erasure.id + " has been searched for",
                "'dsarctl certificate show' tells what was found.");
  const auto asked = pg::normalise_identities(reading.connection, reading.map, identities);
  const auto certain = proven(erasure, asked, context);
  std::string warning;
  if (!certain)
    warning =
        "whether these are the person's identities is not known: the certificate was made without "
        "--hash-key; nothing is redacted";
  auto found = who_is_left(reading, context, erasure, asked);
  const auto back = found.closure.rows.size();
  auto& searched = found.closure.rows.emplace_back();
  for (const auto& one : asked) searched.row.identities.push_back({one.kind, one.value, {}});
  const auto known = known_rows(reading, erasure);
  reading.transaction.reset();
  const auto closed = close_with_scan(
      reading, found, known, context,
      {erasure.id, erasure.certificate, certain.value_or(std::vector<Identity>{})}, key);
  if (!options.certificate.empty())
    write_signed(options.certificate + ".residue", closed.text, closed.signature);
  emit(
      context,
      [&] {
        auto text = "Erasure " + erasure.id + ": its certificate is closed\n";
        if (!warning.empty()) text += "warning: " + warning + "\n";
        if (back > 0)
          text += std::to_string(back) + " rows are the person, withheld or since then\n";
        return text + residue_text(closed.scan);
      },
      [&] {
        return Json{{"erasure", erasure.id},
                    {"subject_rows", back},
                    {"warnings", warning.empty() ? Json::array() : Json::array({warning})},
                    {"residue", residue_json(closed.scan)}};
      });
  return leaves_residue(closed.scan) ? ExitCode::partial : ExitCode::done;
}

}  // namespace dsar::cmd
