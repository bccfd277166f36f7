#include "formats/statement.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "core/rfc3339.hpp"
#include "formats/certificate_reader.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;

}  // namespace

std::string statement_text(const StatementKind& kind, const StatementHead& head,
                           const Json& members) {
  Json text{{kind.member, format},
            {"erasure", head.erasure},
            {"certificate_sha256", head.certificate_sha256}};
  text.update(members);
  text["signed_with"] = head.signing_key_id;
  return text.dump(2) + "\n";
}

void read_statement(const StatementKind& kind, std::string_view text, const std::string& name,
                    StatementHead& head, const std::function<void(const Json&)>& read) {
  try {
    const auto content = Json::parse(text);
    if (content.at(kind.member) != format) throw std::invalid_argument("another version");
    head.erasure = content.at("erasure").get<std::string>();
    head.certificate_sha256 = content.at("certificate_sha256").get<std::string>();
    head.signing_key_id = content.at("signed_with").get<std::string>();
    read(content);
  } catch (const std::exception&) {
    throw Error(ExitCode::usage, name + " " + kind.not_one,
                "'dsarctl certificate show' writes such a statement beside a certificate.");
  }
}

Instant instant_of(const Json& content, const char* member) {
  const auto instant = parse_rfc3339(content.at(member).get<std::string>());
  if (!instant) throw std::invalid_argument("no time");
  return *instant;
}

std::string signer_of(std::string_view text, const std::string& name) {
  const auto content = Json::parse(text, nullptr, false);
  for (const auto& kind : {residue_kind, objects_kind}) {
    if (!content.is_object() || !content.contains(kind.member)) continue;
    StatementHead head;
    read_statement(kind, text, name, head, [](const Json&) {});
    return head.signing_key_id;
  }
  return read_certificate(text, name).facts.signing_key_id;
}

}  // namespace dsar::formats
