#include "formats/ledger_file.hpp"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/audit.hpp"
#include "core/crypto/sha256.hpp"
#include "core/error.hpp"
#include "formats/chained_file.hpp"

namespace dsar::formats {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* what = "ledger";
/// More than an entry about another one takes, also when several programs write at once.
constexpr off_t room_for_end = 8192;

Json places_json(const std::vector<LedgerPlace>& places) {
  auto list = Json::array();
  for (const auto& place : places)
    list.push_back(
        {{"set", place.set}, {"key", place.key}, {"column", place.column}, {"value", place.value}});
  return list;
}

std::vector<LedgerPlace> parse_places(const Json& list) {
  std::vector<LedgerPlace> places;
  for (const auto& place : list)
    places.push_back({place.at("set").get<std::string>(), place.at("key").get<std::string>(),
                      place.at("column").get<std::string>(), place.at("value").get<std::string>()});
  return places;
}

/// All but the hash, in the order in which it is hashed.
Json content(const LedgerEntry& entry) {
  auto rows = Json::array();
  for (const auto& row : entry.rows)
    rows.push_back({{"set", row.set}, {"key", row.key}, {"identities", row.identities}});
  Json json{{"number", entry.number},
            {"at", entry.at},
            {"kind", to_string(entry.kind)},
            {"of", entry.of},
            {"id", entry.id},
            {"database", entry.database},
            {"tenant_key", entry.tenant_key},
            {"key_id", entry.key_id},
            {"rows", std::move(rows)},
            {"audit", entry.audit},
            {"audit_hash", entry.audit_hash},
            {"note", entry.note}};
  // Entries from before these were kept have neither, and the hashes that they had then.
  if (!entry.details.empty()) json["details"] = entry.details;
  if (!entry.places.empty()) json["places"] = places_json(entry.places);
  json["previous"] = entry.previous;
  return json;
}

std::string hash_of(const LedgerEntry& entry) {
  return sha256_hex(content(entry).dump());
}

LedgerEntry parse(const std::string& line) {
  constexpr const char* none = "not an entry of a ledger";
  try {
    const auto json = Json::parse(line);
    LedgerEntry entry;
    entry.number = json.at("number").get<std::int64_t>();
    entry.at = json.at("at").get<std::string>();
    const auto kind = from_string<LedgerKind>(json.at("kind").get<std::string>());
    if (!kind) throw std::invalid_argument("an entry of a newer dsarctl");
    entry.kind = *kind;
    entry.of = json.at("of").get<std::int64_t>();
    entry.id = json.at("id").get<std::string>();
    entry.database = json.at("database").get<std::string>();
    entry.tenant_key = json.at("tenant_key").get<std::string>();
    entry.key_id = json.at("key_id").get<std::string>();
    for (const auto& row : json.at("rows"))
      entry.rows.push_back({row.at("set").get<std::string>(), row.at("key").get<std::string>(),
                            row.at("identities").get<std::vector<std::string>>()});
    entry.audit = json.at("audit").get<std::int64_t>();
    entry.audit_hash = json.at("audit_hash").get<std::string>();
    entry.note = json.at("note").get<std::string>();
    if (json.contains("details"))
      entry.details = json.at("details").get<std::map<std::string, std::string>>();
    if (json.contains("places")) entry.places = parse_places(json.at("places"));
    entry.previous = json.at("previous").get<std::string>();
    entry.hash = json.at("hash").get<std::string>();
    return entry;
  } catch (const Json::exception&) {
    throw std::invalid_argument(none);
  }
}

}  // namespace

Json ledger_entry_json(const LedgerEntry& entry) {
  auto json = content(entry);
  json["hash"] = entry.hash;
  return json;
}

std::int64_t append_ledger(const std::string& path, LedgerEntry entry) {
  ChainedFile file(path, what);
  entry.number = 1;
  entry.previous = audit_root;
  if (const auto line = file.last_line(); !line.empty()) {
    try {
      const auto last = parse(line);
      entry.number = last.number + 1;
      entry.previous = last.hash;
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, path + ": its last line is " + fault.what(),
                  "Name the ledger with --ledger.");
    }
  }
  entry.hash = hash_of(entry);
  const auto line = ledger_entry_json(entry).dump();
  // What this begins shall be able to say how it ended, however full the disk is by then.
  if (entry.of == 0) file.reserve(static_cast<off_t>(line.size()) + room_for_end);
  file.append(line);
  return entry.number;
}

std::vector<LedgerEntry> read_ledger(const std::string& path) {
  std::vector<LedgerEntry> entries;
  if (!std::filesystem::exists(path)) return entries;
  using std::filesystem::perms;
  const auto writers = perms::group_write | perms::others_write;
  if ((std::filesystem::status(path).permissions() & writers) != perms::none)
    throw Error(ExitCode::usage, path + ": others may write this ledger", "Run: chmod 600 " + path);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ExitCode::usage, path + ": the ledger cannot be read");
  std::string line;
  std::string previous = audit_root;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    const auto place = path + ":" + std::to_string(number);
    if (file.eof())
      throw Error(ExitCode::usage, place + ": the last line of the ledger is cut off",
                  "Look at it, and take it away.");
    try {
      auto entry = parse(line);
      if (entry.hash != hash_of(entry))
        throw Error(ExitCode::refused, place + ": this entry of the ledger has been altered");
      if (entry.previous != previous || entry.number != static_cast<std::int64_t>(number))
        throw Error(ExitCode::refused,
                    place + ": the entry of the ledger before this one is missing or another one");
      previous = entry.hash;
      entries.push_back(std::move(entry));
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, place + " is " + fault.what());
    }
  }
  if (file.bad()) throw Error(ExitCode::usage, path + ": the ledger cannot be read");
  return entries;
}

}  // namespace dsar::formats
