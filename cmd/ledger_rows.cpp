#include "cmd/ledger_rows.hpp"

#include <algorithm>

#include "core/audit.hpp"
#include "core/crypto/hmac.hpp"
#include "core/pg/subject.hpp"

namespace dsar::cmd {
namespace {

std::vector<std::string> hashes_of(const std::string& key, const SubjectRow& row) {
  std::vector<std::string> hashes;
  for (const auto& held : row.identities)
    hashes.push_back(subject_hash(key, held.kind, held.value));
  return hashes;
}

bool share_one(const std::vector<std::string>& some, const std::vector<std::string>& others) {
  return std::any_of(some.begin(), some.end(), [&](const std::string& one) {
    return std::find(others.begin(), others.end(), one) != others.end();
  });
}

void add_known(const Reading& reading, const std::string& key, const LedgerEntry& entry,
               const SubjectRow& row, Strength strength, SubjectQuestion& question) {
  for (const auto& held : row.identities) {
    if (find_identity(reading.map, held.kind)->strength != strength) continue;
    const auto hash = subject_hash(key, held.kind, held.value);
    const bool known = std::any_of(entry.rows.begin(), entry.rows.end(), [&](const LedgerRow& of) {
      return std::find(of.identities.begin(), of.identities.end(), hash) != of.identities.end();
    });
    const Identity identity{held.kind, held.value};
    const bool asked =
        std::find(question.asked.begin(), question.asked.end(), identity) != question.asked.end();
    if ((known || strength == Strength::record) && !asked) question.asked.push_back(identity);
  }
}

}  // namespace

RowsBack rows_back(Reading& reading, const std::string& key, const LedgerEntry& entry) {
  RowsBack there;
  HmacSha256 mac(key);
  for (const auto& root : record_sets(reading.map)) {
    std::vector<const LedgerRow*> wanted;
    for (const auto& row : entry.rows) {
      if (row.set == root.set->name) wanted.push_back(&row);
    }
    if (wanted.empty()) continue;
    const auto named = [&](const std::vector<std::string>& row_key) {
      const auto hash = ledger_key_hash(mac, root.set->name, row_key);
      return std::find_if(wanted.begin(), wanted.end(),
                          [&](const LedgerRow* row) { return row->key == hash; });
    };
    auto rows = pg::rows_of_keys(
        reading.connection, reading.map, reading.catalogue, root, entry.tenant_key,
        [&](const std::vector<std::string>& row_key) { return named(row_key) != wanted.end(); });
    for (auto& row : rows) {
      const auto known = named(row.key);
      if ((*known)->identities.empty() || share_one(hashes_of(key, row), (*known)->identities)) {
        there.rows.push_back(std::move(row));
      } else {
        ++there.reused;
      }
    }
  }
  return there;
}

std::string what_is_there(const RowsBack& there) {
  std::string text = std::to_string(there.rows.size()) + " rows of the person are back";
  if (there.rows.empty()) text = "nothing of the person is back";
  if (there.reused > 0)
    text +=
        "; " + std::to_string(there.reused) + " keys are somebody else's now and are left alone";
  return text;
}

SubjectQuestion question_of(const Reading& reading, const std::string& key,
                            const LedgerEntry& entry, const std::vector<SubjectRow>& rows) {
  SubjectQuestion question;
  question.kind = rows.front().subject;
  for (const auto strength : {Strength::strong, Strength::weak, Strength::record}) {
    for (const auto& row : rows) add_known(reading, key, entry, row, strength, question);
    if (!question.asked.empty()) break;
  }
  return question;
}

}  // namespace dsar::cmd
