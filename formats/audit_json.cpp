#include "formats/audit_json.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/rfc3339.hpp"
#include "core/sql.hpp"
#include "formats/text_table.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr int checkpoint_version = 1;

Json parsed(std::string_view text, const char* what) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw std::invalid_argument(std::string("not ") + what);
  return json;
}

}  // namespace

Json audit_entry_json(const AuditEntry& entry) {
  auto facts = Json::object();
  for (const auto& [name, value] : entry.note.facts) facts[name] = value;
  return {{"number", entry.number},          {"at", entry.at},
          {"actor", entry.note.actor},       {"role", entry.role},
          {"command", entry.note.command},   {"tenant_key", entry.note.tenant_key},
          {"subjects", entry.note.subjects}, {"facts", std::move(facts)},
          {"previous", entry.previous},      {"hash", entry.hash}};
}

AuditEntry parse_audit_entry(std::string_view text) {
  constexpr const char* what = "an entry of an audit trail";
  const auto json = parsed(text, what);
  try {
    AuditEntry entry;
    entry.number = json.at("number").get<std::int64_t>();
    entry.at = json.at("at").get<std::string>();
    entry.role = json.at("role").get<std::string>();
    entry.note.actor = json.at("actor").get<std::string>();
    entry.note.command = json.at("command").get<std::string>();
    entry.note.tenant_key = json.at("tenant_key").get<std::string>();
    entry.note.subjects = json.at("subjects").get<std::vector<std::string>>();
    for (const auto& [name, value] : json.at("facts").items())
      entry.note.facts[name] = value.get<std::string>();
    entry.previous = json.at("previous").get<std::string>();
    entry.hash = json.at("hash").get<std::string>();
    return entry;
  } catch (const Json::exception&) {
    throw std::invalid_argument(std::string("not ") + what);
  }
}

std::string checkpoint_statement(const AuditEntry& entry, const std::string& database,
                                 Instant made) {
  const Json statement{{"dsarctl_audit_checkpoint", checkpoint_version},
                       {"database", database},
                       {"entry", entry.number},
                       {"hash", entry.hash},
                       {"entry_at", entry.at},
                       {"made_at", rfc3339(made)}};
  return statement.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

AuditCheckpoint parse_checkpoint(std::string_view statement) {
  constexpr const char* what = "a checkpoint of an audit trail";
  const auto json = parsed(statement, what);
  try {
    if (json.at("dsarctl_audit_checkpoint").get<int>() != checkpoint_version)
      throw std::invalid_argument("a checkpoint of a newer dsarctl");
    AuditCheckpoint checkpoint;
    checkpoint.number = json.at("entry").get<std::int64_t>();
    checkpoint.hash = json.at("hash").get<std::string>();
    checkpoint.statement = std::string(statement);
    return checkpoint;
  } catch (const Json::exception&) {
    throw std::invalid_argument(std::string("not ") + what);
  }
}

std::string audit_text(const std::vector<AuditEntry>& entries) {
  TextTable table({{"entry", Align::right},
                   {"at"},
                   {"actor"},
                   {"role"},
                   {"command"},
                   {"tenant"},
                   {"identities", Align::right},
                   {"facts"}});
  constexpr std::size_t to_the_second = 19;
  for (const auto& entry : entries) {
    std::vector<std::string> facts;
    for (const auto& [name, value] : entry.note.facts) facts.push_back(name + " " + value);
    table.add({std::to_string(entry.number), entry.at.substr(0, to_the_second) + "Z",
               entry.note.actor, entry.role, entry.note.command, entry.note.tenant_key,
               std::to_string(entry.note.subjects.size()), join(facts, ", ")});
  }
  return table.text();
}

}  // namespace dsar::formats
