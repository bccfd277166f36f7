#include "formats/erasure_fields.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/iso_date.hpp"
#include "core/rfc3339.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  const auto& value = object.at(key);
  return value.is_null() ? std::string() : value.get<std::string>();
}

std::optional<Date> date_of(const Json& object, const char* key) {
  const auto text = text_of(object, key);
  if (text.empty()) return std::nullopt;
  const auto date = parse_iso_date(text);
  if (!date) throw std::invalid_argument("no date");
  return date;
}

ErasureLine line_of(const Json& one) {
  const auto fate = from_string<RowFate>(one.at("action").get<std::string>());
  const auto cause = from_string<Cause>(one.at("cause").get<std::string>());
  if (!fate || !cause) throw std::invalid_argument("an unknown action or cause");
  return {one.at("set").get<std::string>(),
          one.at("table").get<std::string>(),
          *fate,
          one.at("rows").get<std::uint64_t>(),
          {*cause, text_of(one, "by"), text_of(one, "clause"), date_of(one, "until")}};
}

}  // namespace

ErasureResult erasure_of(const Json& content) {
  ErasureResult result;
  result.tenant = text_of(content, "tenant");
  result.whole_tenant = content.contains("whole_tenant") && content.at("whole_tenant").get<bool>();
  result.policy = text_of(content, "policy");
  const auto as_of = parse_rfc3339(content.at("as_of").get<std::string>());
  if (!as_of) throw std::invalid_argument("no time");
  result.as_of = *as_of;
  result.scope = text_of(content, "scope");
  result.backups_until = date_of(content, "backups_until");
  for (const auto& one : content.at("lines")) result.lines.push_back(line_of(one));
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
  return result;
}

}  // namespace dsar::formats
