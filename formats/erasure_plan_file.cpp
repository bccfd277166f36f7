#include "formats/erasure_plan_file.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/crypto/sha256.hpp"
#include "core/error.hpp"
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

std::string erasure_plan_text(const ErasureResult& plan, const std::string& salt) {
  auto told = erasure_json(plan);
  Json content{{"dsarctl_erase_plan", format}};
  for (const auto* name : {"as_of", "tenant", "policy", "subject_rows", "lines", "deleted",
                           "masked", "repointed", "withheld", "scope", "digests"})
    content[name] = told[name];
  content["salt"] = salt;
  content["sha256"] = digest_of(content);
  return content.dump(2) + "\n";
}

ReviewedErasure read_erasure_plan(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, "cannot be read");
  std::ostringstream text;
  text << file.rdbuf();
  try {
    const auto content = Json::parse(text.str());
    if (content.at("dsarctl_erase_plan") != format) refuse(path, "is of another version");
    ReviewedErasure plan;
    plan.digest = content.at("sha256").get<std::string>();
    if (plan.digest != digest_of(content)) refuse(path, "was changed since it was written");
    plan.salt = content.at("salt").get<std::string>();
    plan.scope = content.at("scope").get<std::string>();
    for (const auto& one : content.at("digests"))
      plan.digests.push_back({one.at("set").get<std::string>(), one.at("rows").get<std::uint64_t>(),
                              one.at("sum").get<std::string>()});
    return plan;
  } catch (const Json::exception&) {
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
  compare(now.digests, reviewed.digests);
  compare(reviewed.digests, now.digests);
  return changed;
}

}  // namespace dsar::formats
