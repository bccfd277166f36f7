#include "cmd/residue_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/sql.hpp"
#include "formats/text_table.hpp"

namespace dsar::cmd {
namespace {

using Json = nlohmann::ordered_json;

/// As many keys as are told of any column.
std::vector<std::vector<std::string>> told(const pg::Residue& residue) {
  auto keys = residue.keys;
  keys.resize(std::min(keys.size(), pg::told_keys));
  return keys;
}

/// What becomes of the rows, or has become of them.
std::string fate_of(const pg::Residue& residue, bool closed) {
  if (!residue.redact) return "to be reviewed";
  if (!closed) return "redacted once erased";
  std::vector<std::string> parts;
  const auto tell = [&](std::uint64_t rows, const char* what) {
    if (rows > 0) parts.push_back(std::to_string(rows) + what);
  };
  tell(residue.redacted, " redacted");
  tell(residue.held, " held");
  tell(residue.rows - residue.redacted - residue.held, " to be reviewed");
  return join(parts, ", ");
}

std::string keys_of(const pg::Residue& residue) {
  std::vector<std::string> keys;
  for (const auto& key : told(residue)) keys.push_back(join(key, "/"));
  auto text = join(keys, ", ");
  if (!keys.empty() && residue.rows > keys.size()) text += ", …";
  return text;
}

}  // namespace

std::string residue_text(const pg::ResidueScan& scan) {
  if (scan.kinds.empty())
    return "\nNo identity that the map allows to be searched for in texts (\"scan\").\n";
  const auto searched =
      std::to_string(scan.tables) + " tables searched for " + join(scan.kinds, ", ");
  std::string text;
  if (scan.found.empty()) {
    text = "\nNothing of the person stands elsewhere: " + searched + "\n";
  } else {
    formats::TextTable table(
        {{"column"}, {"rows", formats::Align::right}, {"keys"}, {"map"}, {"then"}});
    for (const auto& residue : scan.found)
      table.add({residue.table.text() + "." + residue.column, std::to_string(residue.rows),
                 keys_of(residue), residue.mapped ? "personal" : "not personal",
                 fate_of(residue, scan.closed)});
    text = "\nStands in rows that are not the person's (" + searched + "):\n" + table.text(2);
  }
  if (scan.cannot_see.empty()) return text;
  formats::TextTable unseen({{"what"}, {"why"}});
  for (const auto& omission : scan.cannot_see) unseen.add({omission.what, omission.reason});
  return text + "\nCannot see, so more may be there:\n" + unseen.text(2);
}

Json residue_json(const pg::ResidueScan& scan) {
  auto found = Json::array();
  for (const auto& residue : scan.found)
    found.push_back({{"table", residue.table.text()},
                     {"column", residue.column},
                     {"personal", residue.mapped},
                     {"redact", residue.redact},
                     {"rows", residue.rows},
                     {"redacted", residue.redacted},
                     {"held", residue.held},
                     {"keys", told(residue)}});
  auto unseen = Json::array();
  for (const auto& omission : scan.cannot_see)
    unseen.push_back({{"what", omission.what}, {"reason", omission.reason}});
  return {{"identity_kinds", scan.kinds},
          {"tables", scan.tables},
          {"found", std::move(found)},
          {"cannot_see", std::move(unseen)}};
}

}  // namespace dsar::cmd
