#include "formats/certificate_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/rfc3339.hpp"
#include "formats/approval_file.hpp"
#include "formats/erasure_report.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;

Json counted_json(const TenantCount& count) {
  auto found = Json::array();
  for (const auto& one : count.found)
    found.push_back({{"table", one.table.text()}, {"column", one.column}, {"rows", one.rows}});
  auto unseen = Json::array();
  for (const auto& one : count.cannot_see)
    unseen.push_back({{"what", one.what}, {"reason", one.reason}});
  return {{"record_sets", count.record_sets},
          {"columns", count.columns},
          {"found", std::move(found)},
          {"cannot_see", std::move(unseen)}};
}

}  // namespace

std::string certificate_text(const ErasureResult& result, const CertificateFacts& facts) {
  auto subject = facts.subject;
  std::sort(subject.begin(), subject.end());
  auto told = erasure_json(result);
  Json certificate{
      {"dsarctl_certificate", format},
      {"erasure", told["erasure"]},
      {"follows", told["follows"]},
      {"tool", {{"name", "dsarctl"}, {"version", facts.tool_version}}},
      {"database", facts.database},
      {"tenant", told["tenant"]},
      {"whole_tenant", told["whole_tenant"]},
      {"policy", told["policy"]},
      {"request", facts.request == 0 ? Json(nullptr) : Json(facts.request)},
      {"as_of", told["as_of"]},
      {"applied_at", rfc3339(facts.applied_at)},
      {"subject",
       {{"rows", told["subject_rows"]},
        {"hashed_with", facts.hash_key_id.empty() ? Json(nullptr) : Json(facts.hash_key_id)},
        {"identities", subject}}}};
  for (const auto* name : {"lines", "deleted", "masked", "repointed", "withheld", "objects",
                           "recipients", "backups_until", "scope", "digests"})
    certificate[name] = told[name];
  certificate["residue"] = !result.whole_tenant ? "pending"
                           : facts.counted      ? "counted"
                                                : "not-searched";
  certificate["counted"] = facts.counted ? counted_json(*facts.counted) : Json(nullptr);
  certificate["approval"] = facts.approval ? approval_json(*facts.approval) : Json(nullptr);
  certificate["signed_with"] = facts.signing_key_id;
  return certificate.dump(2) + "\n";
}

}  // namespace dsar::formats
