#include "cmd/ledger_health.hpp"

#include <unistd.h>

#include <filesystem>

#include "cmd/ledger_record.hpp"
#include "core/pg/migrations.hpp"
#include "formats/ledger_file.hpp"

namespace dsar::cmd {
namespace {

HealthLine line(Health health, const std::string& message, const std::string& hint = {}) {
  return {"ledger", health, message, hint};
}

HealthLine gap_line(const LedgerGap& gap, std::size_t entries) {
  const auto ahead = gap.lost.size() + gap.undecided.size();
  if (ahead == 0)
    return line(Health::ok,
                std::to_string(entries) + " entries, and the database has all that they tell of");
  return line(Health::error,
              "ahead of the database by " + std::to_string(ahead) +
                  (ahead == 1 ? " entry" : " entries") + ", " +
                  std::to_string(gap.undecided.size()) +
                  " of which nobody knows: sweeps and erasures refuse to run",
              "Run dsarctl ledger replay, which shows what has to be done again.");
}

}  // namespace

std::vector<HealthLine> check_ledger(const Context& context, pg::Connection& connection) {
  const auto& path = context.globals.ledger;
  if (path.empty()) return {};
  try {
    if (!std::filesystem::exists(path)) {
      const auto folder = std::filesystem::absolute(path).parent_path();
      if (::access(folder.c_str(), W_OK | X_OK) != 0)
        return {line(Health::error, path + " is not there, and cannot be made",
                     "Make its folder, writable by whoever runs dsarctl.")};
      return {line(Health::warning, path + " is not there: the first entry makes it",
                   "After a restore look for the ledger that was kept until then.")};
    }
    const auto entries = formats::read_ledger(path);
    if (::access(path.c_str(), W_OK) != 0)
      return {line(Health::error, path + " cannot be written",
                   "Give it to whoever runs dsarctl: nothing is erased without.")};
    required_ledger_key(context);
    const pg::Transaction transaction(connection, pg::TransactionMode::read_only);
    pg::require_schema(connection);
    return {gap_line(find_gap(context, connection), entries.size())};
  } catch (const Error& error) {
    if (error.code() == ExitCode::database) throw;
    return {line(Health::error, error.what(), error.hint())};
  }
}

}  // namespace dsar::cmd
