#include "core/audit.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace dsar;

namespace {

AuditEntry entry(std::int64_t number, const std::string& previous) {
  AuditEntry made;
  made.number = number;
  made.at = "2026-03-31T12:00:00.000000Z";
  made.role = "officer";
  made.note = {"Grace", "export", "1", {"ab", "cd"}, {{"rows", "12"}, {"stage", "done"}}};
  made.previous = previous;
  made.hash = audit_hash(made);
  return made;
}

std::vector<AuditEntry> chain(std::int64_t length) {
  std::vector<AuditEntry> entries;
  for (std::int64_t n = 1; n <= length; ++n)
    entries.push_back(entry(n, entries.empty() ? audit_root : entries.back().hash));
  return entries;
}

AuditCheckpoint checkpoint_of(const AuditEntry& of) {
  return {of.number, of.hash, "", "", ""};
}

std::vector<std::string> faults(
    const std::vector<AuditEntry>& entries, const std::vector<AuditCheckpoint>& checkpoints = {},
    const std::optional<std::pair<std::int64_t, std::string>>& head = std::nullopt) {
  AuditVerifier verifier(checkpoints);
  for (const auto& one : entries) verifier.look_at(one);
  verifier.finish(head);
  std::vector<std::string> found;
  for (const auto& fault : verifier.faults()) found.push_back(fault.what);
  return found;
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("every field of an audit entry is hashed, and none runs into the next") {
  const auto bytes = audit_bytes(entry(1, "00"));
  CHECK(bytes ==
        "15:dsarctl audit 1,1:1,27:2026-03-31T12:00:00.000000Z,5:Grace,7:officer,6:export,1:1,1:2,"
        "2:ab,2:cd,1:2,4:rows,2:12,5:stage,4:done,2:00,");
  auto other = entry(1, "00");
  other.note.actor = "Gra";
  other.role = "ceofficer";
  CHECK(audit_hash(other) != audit_hash(entry(1, "00")));
}

TEST_CASE("a whole chain has nothing wrong with it") {
  const auto entries = chain(5);
  CHECK(faults(entries).empty());
  CHECK(faults(entries, {checkpoint_of(entries[2])}, std::pair{5, entries[4].hash}).empty());
  CHECK(faults({}, {}, std::pair{0, std::string(audit_root)}).empty());
}

TEST_CASE("an altered entry is named") {
  auto entries = chain(5);
  entries[2].note.facts["rows"] = "13";
  CHECK(faults(entries) == Faults{"entry 3 is altered"});
  // With a hash that fits it the next one tells.
  entries[2].hash = audit_hash(entries[2]);
  CHECK(faults(entries) == Faults{"entry 4 is not the successor of the one before it"});
}

TEST_CASE("entries that are gone are named, at the end too") {
  auto entries = chain(6);
  const std::pair head{std::int64_t{6}, entries[5].hash};
  entries.erase(entries.begin() + 2, entries.begin() + 4);
  CHECK(faults(entries, {}, head) == Faults{"entries 3 to 4 are gone"});
  auto cut_short = chain(6);
  cut_short.pop_back();
  CHECK(faults(cut_short, {}, head) == Faults{"entry 6 is gone"});
  CHECK(faults({}, {}, head) == Faults{"entries 1 to 6 are gone"});
}

TEST_CASE("entries that have changed places are named") {
  auto entries = chain(4);
  std::swap(entries[1].note, entries[2].note);
  entries[1].note.command = "find";
  std::swap(entries[1].hash, entries[2].hash);
  const auto found = faults(entries);
  CHECK(std::find(found.begin(), found.end(), "entry 2 is altered") != found.end());
  CHECK(std::find(found.begin(), found.end(), "entry 3 is altered") != found.end());
}

TEST_CASE("a chain that was rewritten to its end contradicts the checkpoint") {
  const auto before = chain(4);
  auto entries = chain(4);
  entries[1].note.actor = "Mallory";
  for (std::size_t i = 1; i < entries.size(); ++i) {
    entries[i].previous = entries[i - 1].hash;
    entries[i].hash = audit_hash(entries[i]);
  }
  CHECK(faults(entries).empty());
  CHECK(faults(entries, {checkpoint_of(before[2])}) ==
        Faults{"entry 3 or what comes before it has been rewritten since the checkpoint"});
  CHECK(faults(before, {}, std::pair{4, entries[3].hash}) ==
        Faults{"entry 4 is not the one that the head of the trail says"});
}

TEST_CASE("a trail may begin behind a checkpoint, and nowhere else") {
  const auto all = chain(6);
  const std::vector<AuditEntry> rest(all.begin() + 3, all.end());
  const std::pair head{std::int64_t{6}, all[5].hash};
  CHECK(faults(rest, {checkpoint_of(all[2])}, head).empty());
  CHECK(faults(rest, {}, head) ==
        Faults{"entries 1 to 3 are gone, and no checkpoint says what the last of them was"});
  auto wrong = checkpoint_of(all[2]);
  wrong.hash = all[1].hash;
  CHECK(faults(rest, {wrong}, head) ==
        Faults{"entry 4 is not the successor of what the checkpoint before it says"});
  CHECK(faults({}, {checkpoint_of(all[5])}, head).empty());
  CHECK(faults({}, {checkpoint_of(all[5])}, std::pair{6, all[4].hash}) ==
        Faults{"entry 6 is not the one that the head of the trail says"});
}

TEST_CASE("an identity's hash depends on the key, the kind and the value") {
  const auto one = subject_hash("key", "email", "ada@example.com");
  CHECK(one.size() == 64);
  CHECK(one == subject_hash("key", "email", "ada@example.com"));
  CHECK(one != subject_hash("other", "email", "ada@example.com"));
  CHECK(one != subject_hash("key", "phone", "ada@example.com"));
}
