#include "formats/certificate_reader.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "core/rfc3339.hpp"
#include "formats/approval_file.hpp"
#include "formats/erasure_fields.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

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

TenantCount counted_of(const Json& content) {
  TenantCount count;
  count.record_sets = content.at("record_sets").get<std::uint64_t>();
  count.columns = content.at("columns").get<std::uint64_t>();
  for (const auto& one : content.at("found")) {
    const auto table = one.at("table").get<std::string>();
    const auto dot = std::min(table.find('.'), table.size());
    count.found.push_back({{table.substr(0, dot), table.substr(std::min(dot + 1, table.size()))},
                           one.at("column").get<std::string>(),
                           one.at("rows").get<std::uint64_t>()});
  }
  for (const auto& one : content.at("cannot_see"))
    count.cannot_see.push_back(
        {one.at("what").get<std::string>(), one.at("reason").get<std::string>()});
  return count;
}

Certificate certificate_of(const Json& content, const std::string& name) {
  if (content.at("dsarctl_certificate") != format) refuse(name);
  Certificate certificate;
  auto& result = certificate.result;
  result = erasure_of(content);
  result.id = content.at("erasure").get<std::string>();
  result.follows = text_of(content, "follows");
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
  if (const auto& approval = content.at("approval"); !approval.is_null())
    facts.approval = approval_of(approval);
  if (content.contains("counted") && !content.at("counted").is_null())
    facts.counted = counted_of(content.at("counted"));
  facts.signing_key_id = content.at("signed_with").get<std::string>();
  return certificate;
}

}  // namespace

Certificate read_certificate(std::string_view text, const std::string& name) {
  try {
    return certificate_of(Json::parse(text), name);
  } catch (const Json::exception&) {
    refuse(name);
  } catch (const std::invalid_argument&) {
    refuse(name);
  }
}

}  // namespace dsar::formats
