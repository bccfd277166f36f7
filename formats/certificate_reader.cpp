#include "formats/certificate_reader.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/iso_date.hpp"
#include "core/rfc3339.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::json;

constexpr int format = 1;

[[noreturn]] void refuse(const std::string& name) {
  throw Error(ExitCode::usage, name + " is no certificate of erasure",
              "'dsarctl certificate show' writes one with --output.");
}

std::string text_of(const Json& object, const char* key) {
  const auto& value = object.at(key);
  return value.is_null() ? std::string() : value.get<std::string>();
}

Instant instant_of(const Json& object, const char* key, const std::string& name) {
  const auto instant = parse_rfc3339(object.at(key).get<std::string>());
  if (!instant) refuse(name);
  return *instant;
}

std::optional<Date> date_of(const Json& object, const char* key, const std::string& name) {
  const auto text = text_of(object, key);
  if (text.empty()) return std::nullopt;
  const auto date = parse_iso_date(text);
  if (!date) refuse(name);
  return date;
}

ErasureLine line_of(const Json& one, const std::string& name) {
  const auto fate = from_string<RowFate>(one.at("action").get<std::string>());
  const auto cause = from_string<Cause>(one.at("cause").get<std::string>());
  if (!fate || !cause) refuse(name);
  return {one.at("set").get<std::string>(),
          one.at("table").get<std::string>(),
          *fate,
          one.at("rows").get<std::uint64_t>(),
          {*cause, text_of(one, "by"), text_of(one, "clause"), date_of(one, "until", name)}};
}

Certificate certificate_of(const Json& content, const std::string& name) {
  if (content.at("dsarctl_certificate") != format) refuse(name);
  Certificate certificate;
  auto& result = certificate.result;
  result.id = content.at("erasure").get<std::string>();
  result.follows = text_of(content, "follows");
  result.tenant = text_of(content, "tenant");
  result.policy = text_of(content, "policy");
  result.as_of = instant_of(content, "as_of", name);
  result.scope = text_of(content, "scope");
  result.backups_until = date_of(content, "backups_until", name);
  for (const auto& one : content.at("lines")) result.lines.push_back(line_of(one, name));
  for (const auto& one : content.at("objects"))
    result.objects.push_back(
        {one.at("store").get<std::string>(), one.at("count").get<std::uint64_t>()});
  for (const auto& one : content.at("recipients"))
    result.recipients.push_back({one.at("name").get<std::string>(),
                                 one.at("purpose").get<std::string>(),
                                 one.at("clause").get<std::string>()});
  for (const auto& one : content.at("digests"))
    result.digests.push_back({one.at("set").get<std::string>(), one.at("rows").get<std::uint64_t>(),
                              one.at("sum").get<std::string>()});
  auto& facts = certificate.facts;
  facts.tool_version = content.at("tool").at("version").get<std::string>();
  facts.database = content.at("database").get<std::string>();
  const auto& request = content.at("request");
  facts.request = request.is_null() ? 0 : request.get<std::int64_t>();
  facts.applied_at = instant_of(content, "applied_at", name);
  const auto& subject = content.at("subject");
  result.subject_rows = subject.at("rows").get<std::uint64_t>();
  facts.hash_key_id = text_of(subject, "hashed_with");
  facts.subject = subject.at("identities").get<std::vector<std::string>>();
  facts.signing_key_id = content.at("signed_with").get<std::string>();
  return certificate;
}

}  // namespace

Certificate read_certificate(std::string_view text, const std::string& name) {
  try {
    return certificate_of(Json::parse(text), name);
  } catch (const Json::exception&) {
    refuse(name);
  }
}

}  // namespace dsar::formats
