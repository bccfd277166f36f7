#include "cmd/erase_residue.hpp"

#include <algorithm>

#include "cmd/audit_trail.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/progress.hpp"
#include "cmd/residue_text.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/sweep_run.hpp"
#include "formats/residue_statement.hpp"

namespace dsar::cmd {
namespace {

/// What is signed of a scan.
formats::ResidueStatement stated(const pg::ResidueScan& scan) {
  formats::ResidueStatement statement;
  statement.identity_kinds = scan.kinds;
  statement.tables = scan.tables;
  for (const auto& residue : scan.found)
    statement.found.push_back({residue.table.text(), residue.column, residue.rows});
  for (const auto& omission : scan.cannot_see)
    statement.cannot_see.push_back({omission.what, omission.reason});
  return statement;
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
                              const std::string& erasure, const std::string& certificate,
                              const SigningKey& key) {
  SignedResidue closed;
  formats::ResidueStatement statement;
  {
    const pg::Transaction transaction(reading.connection, pg::TransactionMode::read_only);
    const auto searched_at = pg::server_clock(reading.connection);
    closed.scan = scan_for(reading, found, context, withheld);
    statement = stated(closed.scan);
    statement.searched_at = searched_at;
  }
  statement.erasure = erasure;
  statement.certificate_sha256 = sha256_hex(certificate);
  statement.signing_key_id = key.id();
  closed.text = formats::residue_statement_text(statement);
  closed.signature = key.sign(closed.text);
  pg::Transaction transaction(reading.connection, pg::TransactionMode::read_write);
  pg::store_residue(reading.connection, {erasure, closed.text, closed.signature});
  auto note = note_of(context, "erase");
  note.tenant_key = found.tenant.key;
  note.facts = {{"stage", "searched"},
                {"erasure", erasure},
                {"tables", std::to_string(closed.scan.tables)},
                {"found", std::to_string(closed.scan.found.size())}};
  pg::append_audit(reading.connection, note);
  transaction.commit();
  return closed;
}

}  // namespace dsar::cmd
