#include "core/audit.hpp"

#include <algorithm>

#include "core/crypto/hmac.hpp"
#include "core/crypto/sha256.hpp"

namespace dsar {
namespace {

void add_netstring(std::string& bytes, const std::string& text) {
  bytes += std::to_string(text.size());
  bytes += ':';
  bytes += text;
  bytes += ',';
}

std::string numbered(const char* what, std::int64_t first, std::int64_t last) {
  return first == last
             ? std::string(what) + " " + std::to_string(first)
             : std::string(what) + " " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

std::string audit_bytes(const AuditEntry& entry) {
  std::string bytes;
  const auto& note = entry.note;
  for (const auto& field :
       {std::string("dsarctl audit 1"), std::to_string(entry.number), entry.at, note.actor,
        entry.role, note.command, note.tenant_key, std::to_string(note.subjects.size())})
    add_netstring(bytes, field);
  for (const auto& subject : note.subjects) add_netstring(bytes, subject);
  add_netstring(bytes, std::to_string(note.facts.size()));
  for (const auto& [name, value] : note.facts) {
    add_netstring(bytes, name);
    add_netstring(bytes, value);
  }
  add_netstring(bytes, entry.previous);
  return bytes;
}

std::string audit_hash(const AuditEntry& entry) {
  return sha256_hex(audit_bytes(entry));
}

AuditVerifier::AuditVerifier(std::vector<AuditCheckpoint> checkpoints)
    : checkpoints_(std::move(checkpoints)) {}

void AuditVerifier::look_at(const AuditEntry& entry) {
  ++entries_;
  if (entries_ == 1) {
    begin(entry);
  } else if (entry.number != last_ + 1) {
    add(last_ + 1, entry.number - 1, "gone");
  } else if (entry.previous != last_hash_) {
    add(entry.number, entry.number, "not the successor of the one before it");
  }
  if (audit_hash(entry) != entry.hash) add(entry.number, entry.number, "altered");
  if (const auto* checkpoint = checkpoint_at(entry.number); checkpoint != nullptr)
    compare(*checkpoint, entry.hash);
  last_ = entry.number;
  last_hash_ = entry.hash;
}

/// The trail begins at its beginning, or behind a checkpoint up to which it was cut.
void AuditVerifier::begin(const AuditEntry& entry) {
  first_ = entry.number;
  if (entry.number == 1) {
    if (entry.previous != audit_root) add(1, 1, "not the first one that there was");
    return;
  }
  const auto* checkpoint = checkpoint_at(entry.number - 1);
  if (checkpoint == nullptr) {
    add(1, entry.number - 1, "gone, and no checkpoint says what the last of them was");
  } else if (checkpoint->hash != entry.previous) {
    add(entry.number, entry.number, "not the successor of what the checkpoint before it says");
  }
}

void AuditVerifier::compare(const AuditCheckpoint& checkpoint, const std::string& hash) {
  if (checkpoint.hash == hash) return;
  faults_.push_back({checkpoint.number, checkpoint.number,
                     numbered("entry", checkpoint.number, checkpoint.number) +
                         " or what comes before it has been rewritten since the checkpoint"});
}

void AuditVerifier::finish(const std::optional<std::pair<std::int64_t, std::string>>& head) {
  auto end = head ? head->first : last_;
  for (const auto& checkpoint : checkpoints_) end = std::max(end, checkpoint.number);
  if (const auto* cut = checkpoint_at(end); entries_ == 0 && cut != nullptr) {
    // After a cut up to the last entry nothing is there, and the end is the checkpoint's.
    last_ = cut->number;
    last_hash_ = cut->hash;
  }
  if (end > last_) add(last_ + 1, end, "gone");
  if (!head) return;
  if (head->first < last_) {
    add(head->first + 1, last_, "beyond what the head of the trail says");
  } else if (head->first == last_ && head->second != last_hash_) {
    add(last_, last_, "not the one that the head of the trail says");
  }
}

void AuditVerifier::add(std::int64_t first, std::int64_t last, std::string what) {
  const auto* verb = first == last ? " is " : " are ";
  faults_.push_back(
      {first, last, numbered(first == last ? "entry" : "entries", first, last) + verb + what});
}

const AuditCheckpoint* AuditVerifier::checkpoint_at(std::int64_t number) const {
  const auto at = std::find_if(checkpoints_.begin(), checkpoints_.end(),
                               [&](const AuditCheckpoint& one) { return one.number == number; });
  return at == checkpoints_.end() ? nullptr : &*at;
}

std::string subject_hash(const std::string& key, const std::string& kind,
                         const std::string& value) {
  // A kind's name has no colon.
  return hmac_sha256_hex(key, kind + ":" + value);
}

}  // namespace dsar
