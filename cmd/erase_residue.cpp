#include "cmd/erase_residue.hpp"

#include <algorithm>

#include "cmd/audit_trail.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/progress.hpp"
#include "cmd/residue_text.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/erase_apply.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/holds.hpp"
#include "core/pg/residue_redaction.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/redacted_residue.hpp"
#include "formats/residue_statement.hpp"

namespace dsar::cmd {
namespace {

/// What is signed of a scan.
void state(const pg::ResidueScan& scan, formats::ResidueStatement& statement) {
  statement.identity_kinds = scan.kinds;
  statement.tables = scan.tables;
  for (const auto& residue : scan.found)
    statement.found.push_back(
        {residue.table.text(), residue.column, residue.rows, residue.redacted});
  for (const auto& omission : scan.cannot_see)
    statement.cannot_see.push_back({omission.what, omission.reason});
}

void redact(Reading& reading, const std::vector<Identity>& of, pg::ResidueScan& scan) {
  if (std::none_of(scan.found.begin(), scan.found.end(),
                   [](const pg::Residue& residue) { return residue.redact; }))
    return;
  const auto identities = searchable(reading.map, strong_ones(reading.map, of));
  if (identities.empty()) return;
  pg::begin_erasing(reading.connection, {});
  const auto held = pg::held_now(reading.connection, reading.map, reading.catalogue);
  const auto text = [&](std::string_view value) { return redacted(value, identities); };
  const auto json = [&](std::string_view value) { return formats::redacted_strings(value, text); };
  pg::redact_residue(reading.connection, reading.map, reading.catalogue, held, {text, json},
                     scan.found);
}

std::uint64_t redacted_rows(const pg::ResidueScan& scan) {
  std::uint64_t rows = 0;
  for (const auto& residue : scan.found) rows += residue.redacted;
  return rows;
}

}  // namespace

std::vector<Identity> identities_of(const FoundSubject& found) {
  std::vector<Identity> identities;
  for (const auto& linked : found.closure.rows) {
    for (const auto& held : linked.row.identities) {
      const Identity identity{held.kind, held.value};
      if (std::find(identities.begin(), identities.end(), identity) == identities.end())
        identities.push_back(identity);
    }
  }
  return identities;
}

bool leaves_residue(const pg::ResidueScan& scan) {
  return !scan.cannot_see.empty() ||
         std::any_of(scan.found.begin(), scan.found.end(),
                     [](const pg::Residue& residue) { return residue.redacted < residue.rows; });
}

pg::ResidueScan scan_for(Reading& reading, const FoundSubject& found, const Context& context,
                         const pg::KnownRows& known) {
  const ReachContext reach{reading.map, reading.catalogue, found.keys, found.tenant.key};
  Progress progress(context.globals);
  return pg::scan_residue(reading.connection, reach, identities_of(found), known,
                          [&](const std::string& table) {
                            stop_if_interrupted(context.stop);
                            progress.show("searching " + table);
                          });
}

SignedResidue close_with_scan(Reading& reading, const FoundSubject& found,
                              const pg::KnownRows& withheld, const Context& context,
                              const SearchedErasure& erasure, const SigningKey& key) {
  SignedResidue closed;
  formats::ResidueStatement statement;
  {
    const pg::Transaction transaction(reading.connection, pg::TransactionMode::read_only);
    const auto searched_at = pg::server_clock(reading.connection);
    closed.scan = scan_for(reading, found, context, withheld);
    statement.searched_at = searched_at;
  }
  pg::Transaction transaction(reading.connection, pg::TransactionMode::read_write);
  redact(reading, erasure.identities, closed.scan);
  closed.scan.closed = true;
  state(closed.scan, statement);
  statement.erasure = erasure.id;
  statement.certificate_sha256 = sha256_hex(erasure.certificate);
  statement.signing_key_id = key.id();
  closed.text = formats::residue_statement_text(statement);
  closed.signature = key.sign(closed.text);
  pg::store_residue(reading.connection, {erasure.id, closed.text, closed.signature});
  auto note = note_of(context, "erase");
  note.tenant_key = found.tenant.key;
  note.facts = {{"stage", "searched"},
                {"erasure", erasure.id},
                {"tables", std::to_string(closed.scan.tables)},
                {"found", std::to_string(closed.scan.found.size())},
                {"redacted", std::to_string(redacted_rows(closed.scan))}};
  pg::append_audit(reading.connection, note);
  transaction.commit();
  return closed;
}

}  // namespace dsar::cmd
