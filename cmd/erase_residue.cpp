#include "cmd/erase_residue.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cmd/audit_trail.hpp"
#include "cmd/interrupt.hpp"
#include "cmd/progress.hpp"
#include "cmd/residue_text.hpp"
#include "core/crypto/sha256.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/erasures.hpp"
#include "core/pg/sweep_run.hpp"
#include "core/rfc3339.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;

/// The exact bytes, as formats/schemas/residue.schema.json describes them. No keys of rows: they
/// are other people's.
std::string statement_text(const pg::ResidueScan& scan, const std::string& erasure,
                           const std::string& certificate, Instant searched_at,
                           const SigningKey& key) {
  auto found = Json::array();
  for (const auto& residue : scan.found)
    found.push_back(
        {{"table", residue.table.text()}, {"column", residue.column}, {"rows", residue.rows}});
  auto unseen = Json::array();
  for (const auto& omission : scan.cannot_see)
    unseen.push_back({{"what", omission.what}, {"reason", omission.reason}});
  const Json statement{{"dsarctl_residue", format},
                       {"erasure", erasure},
                       {"certificate_sha256", sha256_hex(certificate)},
                       {"searched_at", rfc3339(searched_at)},
                       {"identity_kinds", scan.kinds},
                       {"tables", scan.tables},
                       {"found", std::move(found)},
                       {"cannot_see", std::move(unseen)},
                       {"signed_with", key.id()}};
  return statement.dump(2) + "\n";
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

ResidueStatement close_with_scan(Reading& reading, const FoundSubject& found,
                                 const pg::KnownRows& withheld, const Context& context,
                                 const std::string& erasure, const std::string& certificate,
                                 const SigningKey& key) {
  ResidueStatement closed;
  Instant searched_at;
  {
    const pg::Transaction transaction(reading.connection, pg::TransactionMode::read_only);
    searched_at = pg::server_clock(reading.connection);
    closed.scan = scan_for(reading, found, context, withheld);
  }
  closed.text = statement_text(closed.scan, erasure, certificate, searched_at, key);
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
