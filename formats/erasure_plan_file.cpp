#include "formats/erasure_plan_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/crypto/sha256.hpp"
#include "core/error.hpp"
#include "formats/erasure_fields.hpp"
#include "formats/erasure_report.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;

std::string digest_of(Json content) {
  content.erase("sha256");
  return sha256_hex(content.dump());
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw Error(ExitCode::usage, path + ": " + why,
              "Write a new plan with 'dsarctl erase --plan-out FILE' and review it.");
}

}  // namespace

std::string erasure_plan_text(const ErasureResult& plan, const std::string& salt,
                              const std::string& planned_with) {
  auto told = erasure_json(plan);
  Json content{{"dsarctl_erase_plan", format}};
  for (const auto* name : {"as_of", "tenant", "whole_tenant", "policy", "subject_rows", "lines",
                           "deleted", "masked", "repointed", "withheld", "effects", "objects",
                           "recipients", "backups_until", "scope", "digests"})
    content[name] = told[name];
  content["salt"] = salt;
  content["planned_with"] = planned_with.empty() ? Json(nullptr) : Json(planned_with);
  content["sha256"] = digest_of(content);
  return content.dump(2) + "\n";
}

ReviewedErasure read_erasure_plan(std::string_view text, const std::string& path) {
  try {
    const auto content = Json::parse(text);
    if (content.at("dsarctl_erase_plan") != format) refuse(path, "is of another version");
    if (content.at("sha256") != digest_of(content))
      refuse(path, "was changed since it was written");
    ReviewedErasure reviewed{erasure_of(content), content.at("salt").get<std::string>(), {}};
    reviewed.plan.subject_rows = content.at("subject_rows").get<std::uint64_t>();
    for (const auto& one : content.at("effects"))
      reviewed.plan.effects.push_back({one.at("kind").get<std::string>(),
                                       one.at("table").get<std::string>(),
                                       one.at("what").get<std::string>()});
    if (const auto& key = content.at("planned_with"); !key.is_null())
      reviewed.planned_with = key.get<std::string>();
    return reviewed;
  } catch (const Json::exception&) {
    refuse(path, "is no plan of an erasure");
  } catch (const std::invalid_argument&) {
    refuse(path, "is no plan of an erasure");
  }
}

std::vector<std::string> changed_rows(const ReviewedErasure& reviewed, const ErasureResult& now) {
  std::vector<std::string> changed;
  const auto compare = [&](const std::vector<RowDigest>& some, const std::vector<RowDigest>& with) {
    for (const auto& one : some) {
      const auto same = std::find_if(with.begin(), with.end(), [&](const RowDigest& other) {
        return other.set == one.set && other.rows == one.rows && other.sum == one.sum;
      });
      if (same == with.end() && std::find(changed.begin(), changed.end(), one.set) == changed.end())
        changed.push_back(one.set);
    }
  };
  compare(now.digests, reviewed.plan.digests);
  compare(reviewed.plan.digests, now.digests);
  return changed;
}

}  // namespace dsar::formats
