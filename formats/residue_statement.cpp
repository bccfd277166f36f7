#include "formats/residue_statement.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

constexpr int format = 1;

[[noreturn]] void refuse(const std::string& name) {
  throw Error(ExitCode::usage, name + " does not say what was found after an erasure",
              "'dsarctl certificate show' writes such a statement beside a certificate.");
}

}  // namespace

std::string residue_statement_text(const ResidueStatement& statement) {
  using Json = nlohmann::ordered_json;
  auto found = Json::array();
  for (const auto& one : statement.found)
    found.push_back({{"table", one.table},
                     {"column", one.column},
                     {"rows", one.rows},
                     {"redacted", one.redacted}});
  auto unseen = Json::array();
  for (const auto& one : statement.cannot_see)
    unseen.push_back({{"what", one.what}, {"reason", one.reason}});
  const Json text{{"dsarctl_residue", format},
                  {"erasure", statement.erasure},
                  {"certificate_sha256", statement.certificate_sha256},
                  {"searched_at", rfc3339(statement.searched_at)},
                  {"identity_kinds", statement.identity_kinds},
                  {"tables", statement.tables},
                  {"found", std::move(found)},
                  {"cannot_see", std::move(unseen)},
                  {"signed_with", statement.signing_key_id}};
  return text.dump(2) + "\n";
}

ResidueStatement read_residue_statement(std::string_view text, const std::string& name) {
  try {
    const auto content = nlohmann::json::parse(text);
    const auto searched_at = parse_rfc3339(content.at("searched_at").get<std::string>());
    if (content.at("dsarctl_residue") != format || !searched_at) refuse(name);
    ResidueStatement statement;
    statement.erasure = content.at("erasure").get<std::string>();
    statement.certificate_sha256 = content.at("certificate_sha256").get<std::string>();
    statement.searched_at = *searched_at;
    statement.identity_kinds = content.at("identity_kinds").get<std::vector<std::string>>();
    statement.tables = content.at("tables").get<std::uint64_t>();
    for (const auto& one : content.at("found"))
      statement.found.push_back(
          {one.at("table").get<std::string>(), one.at("column").get<std::string>(),
           one.at("rows").get<std::uint64_t>(), one.at("redacted").get<std::uint64_t>()});
    for (const auto& one : content.at("cannot_see"))
      statement.cannot_see.push_back(
          {one.at("what").get<std::string>(), one.at("reason").get<std::string>()});
    statement.signing_key_id = content.at("signed_with").get<std::string>();
    return statement;
  } catch (const nlohmann::json::exception&) {
    refuse(name);
  }
}

std::string residue_statement_report(const ResidueStatement& statement) {
  auto text = "Searched for copies elsewhere at " + rfc3339(statement.searched_at) + ": " +
              std::to_string(statement.tables) + " tables, for " +
              (statement.identity_kinds.empty() ? "nothing that the map lets be searched for"
                                                : join(statement.identity_kinds, ", ")) +
              "; signed with key " + statement.signing_key_id + "\n";
  if (statement.found.empty()) {
    text += "Nothing of the person was found.\n";
  } else {
    TextTable table({{"found in"}, {"rows", Align::right}, {"redacted", Align::right}});
    for (const auto& one : statement.found)
      table.add(
          {one.table + "." + one.column, std::to_string(one.rows), std::to_string(one.redacted)});
    text += table.text(2);
  }
  if (statement.cannot_see.empty()) return text;
  TextTable unseen({{"could not see"}, {"why"}});
  for (const auto& one : statement.cannot_see) unseen.add({one.what, one.reason});
  return text + unseen.text(2);
}

}  // namespace dsar::formats
