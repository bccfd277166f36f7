#include "formats/approval_file.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "core/rfc3339.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;

Instant instant_of(const Json& content, const char* key) {
  const auto instant = parse_rfc3339(content.at(key).get<std::string>());
  if (!instant) throw std::invalid_argument("no time");
  return *instant;
}

}  // namespace

Json approval_json(const Approval& approval) {
  return {{"plan_sha256", approval.plan_sha256},
          {"planned_with", approval.planned_with},
          {"approved_with", approval.approved_with},
          {"approved_at", rfc3339(approval.approved_at)},
          {"expires_at", rfc3339(approval.expires_at)}};
}

Approval approval_of(const Json& content) {
  return {content.at("plan_sha256").get<std::string>(),
          content.at("planned_with").get<std::string>(),
          content.at("approved_with").get<std::string>(), instant_of(content, "approved_at"),
          instant_of(content, "expires_at")};
}

std::string approval_text(const Approval& approval) {
  Json content{{"dsarctl_approval", format}};
  content.update(approval_json(approval));
  return content.dump(2) + "\n";
}

Approval read_approval(std::string_view text, const std::string& name) {
  try {
    const auto content = Json::parse(text);
    if (content.at("dsarctl_approval") != format) throw std::invalid_argument("another version");
    return approval_of(content);
  } catch (const std::exception&) {
    throw Error(ExitCode::usage, name + ": is no approval of a plan",
                "'dsarctl plan approve' writes one.");
  }
}

}  // namespace dsar::formats
