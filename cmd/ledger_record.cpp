#include "cmd/ledger_record.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "cmd/logging.hpp"
#include "core/audit.hpp"
#include "core/crypto/hmac.hpp"
#include "core/pg/audit.hpp"
#include "core/rfc3339.hpp"
#include "formats/ledger_file.hpp"

namespace dsar::cmd {
namespace {

std::string time_now() {
  return rfc3339(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace

LedgerGap find_gap(const Context& context, pg::Connection& connection) {
  required_ledger_key(context);
  auto [decided, undecided] = state_of(formats::read_ledger(required_ledger(context)));
  LedgerGap gap{std::move(decided), std::move(undecided), {}};
  for (auto* entries : {&gap.lost, &gap.undecided}) {
    std::vector<std::pair<std::int64_t, std::string>> audits;
    for (const auto& entry : *entries) audits.emplace_back(entry.audit, entry.audit_hash);
    const auto missing = pg::missing_audit(connection, audits);
    std::erase_if(*entries, [&](const LedgerEntry& entry) {
      // Not by the number, which is given again after a restore.
      const bool there =
          std::find(missing.begin(), missing.end(), entry.audit_hash) == missing.end();
      if (there && entries == &gap.undecided) gap.unsaid.push_back(entry);
      return there;
    });
  }
  return gap;
}

LedgerGap ledger_gap(const Context& context, pg::Connection& connection) {
  auto gap = find_gap(context, connection);
  // Committed, and cut off before it could be said.
  for (const auto& entry : gap.unsaid) append_about(context, LedgerKind::done, entry.number);
  return gap;
}

void require_level_ledger(const Context& context, pg::Connection& connection) {
  if (context.globals.ledger.empty()) return;
  const auto gap = ledger_gap(context, connection);
  const auto ahead = gap.lost.size() + gap.undecided.size();
  if (ahead == 0) return;
  throw Error(ExitCode::refused,
              context.globals.ledger + ": the ledger is ahead of the database by " +
                  std::to_string(ahead) + (ahead == 1 ? " entry" : " entries") +
                  ": a backup was restored, or a run was cut off",
              "Run dsarctl ledger replay, which shows what has to be done again.");
}

const std::string& required_ledger(const Context& context) {
  if (context.globals.ledger.empty())
    throw Error(ExitCode::usage, "no ledger given",
                "Name it with --ledger or in the variable DSARCTL_LEDGER.");
  return context.globals.ledger;
}

std::string required_ledger_key(const Context& context) {
  auto key = hash_key(context);
  if (key.empty())
    throw Error(ExitCode::usage, "the ledger wants a key, so that it names nobody",
                "Name it with --hash-key.");
  return key;
}

std::vector<LedgerRow> ledger_rows(const Context& context, const DataMap& map,
                                   const FoundSubject& found) {
  std::vector<LedgerRow> rows;
  if (context.globals.ledger.empty()) return rows;
  const auto key = required_ledger_key(context);
  HmacSha256 mac(key);
  for (const auto& linked : found.closure.rows) {
    LedgerRow row{linked.row.set, ledger_key_hash(mac, linked.row.set, linked.row.key), {}};
    for (const auto strength : {Strength::strong, Strength::weak}) {
      for (const auto& held : linked.row.identities) {
        if (find_identity(map, held.kind)->strength == strength)
          row.identities.push_back(subject_hash(key, held.kind, held.value));
      }
      if (!row.identities.empty()) break;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void commit_with_ledger(const Context& context, pg::Connection& connection,
                        pg::Transaction& transaction, const LedgerNote& note) {
  const auto& path = context.globals.ledger;
  if (path.empty()) {
    transaction.commit();
    return;
  }
  const auto audit = pg::audit_head(connection).value();
  LedgerEntry entry;
  entry.at = time_now();
  entry.kind = note.kind;
  entry.id = note.id;
  entry.database = pg::database_name(connection);
  entry.tenant_key = note.tenant_key;
  entry.key_id = hmac_key_id(required_ledger_key(context));
  entry.rows = note.rows;
  entry.details = note.details;
  entry.places = note.places;
  entry.audit = audit.first;
  entry.audit_hash = audit.second;
  const auto number = formats::append_ledger(path, std::move(entry));
  try {
    transaction.commit();
  } catch (const Error& error) {
    // A connection that is lost while it commits does not tell what came of it.
    if (error.code() != ExitCode::database) append_about(context, LedgerKind::undone, number);
    throw;
  }
  try {
    append_about(context, LedgerKind::done, number);
  } catch (const Error& error) {
    // It is done all the same; the next run finds it in the database and says so.
    log_warning(error.what());
  }
}

void append_about(const Context& context, LedgerKind kind, std::int64_t of,
                  const std::string& note) {
  LedgerEntry entry;
  entry.at = time_now();
  entry.kind = kind;
  entry.of = of;
  entry.note = note;
  formats::append_ledger(context.globals.ledger, std::move(entry));
}

}  // namespace dsar::cmd
