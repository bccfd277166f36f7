#include "core/ledger.hpp"

#include <algorithm>

namespace dsar {
namespace {

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool same_row(const LedgerRow& one, const LedgerRow& other) {
  return one.set == other.set && one.key == other.key &&
         std::any_of(
             one.identities.begin(), one.identities.end(),
             [&](const std::string& identity) { return contains(other.identities, identity); });
}

}  // namespace

std::string ledger_key_hash(HmacSha256& mac, const std::string& set,
                            const std::vector<std::string>& row_key) {
  std::string message = "row " + set;
  for (const auto& value : row_key) message += " " + std::to_string(value.size()) + ":" + value;
  return mac.hex(message);
}

std::string ledger_value_hash(HmacSha256& mac, const LedgerPlace& place, const std::string& value) {
  return mac.hex("value " + place.set + " " + place.column + " " + place.key + " " + value);
}

const LedgerEntry* ended_by(const LedgerEntry& entry, const std::vector<LedgerEntry>& entries) {
  const auto since = entry.details.find("since");
  if (since == entry.details.end()) return nullptr;
  const auto ends = entry.kind == LedgerKind::hold     ? LedgerKind::hold_release
                    : entry.kind == LedgerKind::choice ? LedgerKind::choice_lift
                                                       : entry.kind;
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const LedgerEntry& one) {
    // A number alone is not enough: after a restore it is given again.
    const auto of = one.details.find("since");
    return one.number > entry.number && one.kind == ends && one.id == entry.id &&
           of != one.details.end() && of->second == since->second;
  });
  return found == entries.end() || ends == entry.kind ? nullptr : &*found;
}

bool share_row(const LedgerEntry& one, const LedgerEntry& other) {
  return std::any_of(one.rows.begin(), one.rows.end(), [&](const LedgerRow& row) {
    return std::any_of(other.rows.begin(), other.rows.end(),
                       [&](const LedgerRow& that) { return same_row(row, that); });
  });
}

void add_former_identities(LedgerEntry& entry, const std::vector<LedgerEntry>& entries) {
  // The latest first: each knows what the one before it made of the row.
  for (auto one = entries.rbegin(); one != entries.rend(); ++one) {
    const bool earlier = one->kind == LedgerKind::rectification && one->number < entry.number &&
                         one->tenant_key == entry.tenant_key && one->key_id == entry.key_id;
    if (!earlier) continue;
    for (auto& row : entry.rows) {
      for (const auto& before : one->rows) {
        if (!same_row(row, before)) continue;
        for (const auto& identity : before.identities) {
          if (!contains(row.identities, identity)) row.identities.push_back(identity);
        }
      }
    }
  }
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
