#include "core/ledger.hpp"

#include "core/crypto/hmac.hpp"

namespace dsar {

std::string ledger_key_hash(const std::string& key, const std::string& set,
                            const std::vector<std::string>& row_key) {
  std::string message = "row " + set;
  for (const auto& value : row_key) message += " " + std::to_string(value.size()) + ":" + value;
  return hmac_sha256_hex(key, message);
}

LedgerState state_of(const std::vector<LedgerEntry>& entries) {
  std::set<std::int64_t> done;
  std::set<std::int64_t> over;
  for (const auto& entry : entries) {
    if (entry.kind == LedgerKind::done) done.insert(entry.of);
    if (entry.kind == LedgerKind::undone || entry.kind == LedgerKind::settled)
      over.insert(entry.of);
  }
  LedgerState state;
  for (const auto& entry : entries) {
    if (entry.of != 0 || over.contains(entry.number)) continue;
    (done.contains(entry.number) ? state.decided : state.undecided).push_back(entry);
  }
  return state;
}

}  // namespace dsar
