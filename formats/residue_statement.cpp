#include "formats/residue_statement.hpp"

#include <nlohmann/json.hpp>

#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string residue_statement_text(const ResidueStatement& statement) {
  auto found = Json::array();
  for (const auto& one : statement.found)
    found.push_back({{"table", one.table},
                     {"column", one.column},
                     {"rows", one.rows},
                     {"redacted", one.redacted}});
  auto unseen = Json::array();
  for (const auto& one : statement.cannot_see)
    unseen.push_back({{"what", one.what}, {"reason", one.reason}});
  return statement_text(residue_kind, statement,
                        {{"searched_at", rfc3339(statement.searched_at)},
                         {"identity_kinds", statement.identity_kinds},
                         {"tables", statement.tables},
                         {"found", std::move(found)},
                         {"cannot_see", std::move(unseen)}});
}

ResidueStatement read_residue_statement(std::string_view text, const std::string& name) {
  ResidueStatement statement;
  read_statement(residue_kind, text, name, statement, [&](const Json& content) {
    statement.searched_at = instant_of(content, "searched_at");
    statement.identity_kinds = content.at("identity_kinds").get<std::vector<std::string>>();
    statement.tables = content.at("tables").get<std::uint64_t>();
    for (const auto& one : content.at("found"))
      statement.found.push_back(
          {one.at("table").get<std::string>(), one.at("column").get<std::string>(),
           one.at("rows").get<std::uint64_t>(), one.at("redacted").get<std::uint64_t>()});
    for (const auto& one : content.at("cannot_see"))
      statement.cannot_see.push_back(
          {one.at("what").get<std::string>(), one.at("reason").get<std::string>()});
  });
  return statement;
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
