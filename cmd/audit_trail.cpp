#include "cmd/audit_trail.hpp"

#include <algorithm>
#include <chrono>

#include "cmd/actor.hpp"
#include "core/pg/audit.hpp"
#include "core/pg/migrations.hpp"
#include "formats/audit_file.hpp"

namespace dsar::cmd {
namespace {

std::vector<Identity> identities_of(const FoundSubject& found) {
  std::vector<Identity> identities;
  const auto add = [&](const SubjectRow& row) {
    for (const auto& held : row.identities) identities.push_back({held.kind, held.value});
  };
  for (const auto& linked : found.closure.rows) add(linked.row);
  // Nobody was found for certain: these are the people who were shown.
  if (found.closure.rows.empty()) {
    for (const auto& unlinked : found.closure.unlinked) add(unlinked.row);
  }
  return identities;
}

}  // namespace

AuditNote note_of(const Context& context, std::string command) {
  return {actor_name(context), std::move(command), {}, {}, {}};
}

AuditNote note_of(const Context& context, std::string command, const FoundSubject& found) {
  auto note = note_of(context, std::move(command));
  note.tenant_key = found.tenant.key;
  note.subjects = subject_hashes(context, identities_of(found));
  return note;
}

std::vector<std::string> subject_hashes(const Context& context, const std::vector<Identity>& of) {
  const auto key = hash_key(context);
  std::vector<std::string> hashes;
  if (key.empty()) return hashes;
  for (const auto& identity : of)
    hashes.push_back(subject_hash(key, identity.kind, identity.value));
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

void put_on_record(const Context& context, const AuditNote& note) {
  if (!context.globals.audit_to.empty()) {
    const auto now =
        std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
    formats::append_audit_file(context.globals.audit_to, note, {}, now);
    return;
  }
  pg::Connection connection(context.globals.db);
  const pg::CancelOnStop cancel(connection, context.stop);
  pg::require_schema(connection);
  pg::append_audit(connection, note);
}

}  // namespace dsar::cmd
