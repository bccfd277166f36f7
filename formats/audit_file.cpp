#include "formats/audit_file.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "core/rfc3339.hpp"
#include "formats/audit_json.hpp"
#include "formats/chained_file.hpp"

namespace dsar::formats {
namespace {

constexpr const char* what = "audit trail";

/// As the database writes it: six digits of a second, always.
std::string with_microseconds(Instant at) {
  auto text = rfc3339(at);
  text.pop_back();
  const auto dot = text.find('.');
  if (dot == std::string::npos) text += '.';
  const auto digits = text.size() - text.find('.') - 1;
  constexpr std::size_t wanted = 6;
  return text + std::string(wanted - digits, '0') + "Z";
}

}  // namespace

void append_audit_file(const std::string& path, const AuditNote& note, const std::string& role,
                       Instant at) {
  ChainedFile trail(path, what);
  AuditEntry entry;
  entry.number = 1;
  entry.previous = audit_root;
  if (const auto line = trail.last_line(); !line.empty()) {
    try {
      const auto last = parse_audit_entry(line);
      entry.number = last.number + 1;
      entry.previous = last.hash;
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, path + ": its last line is " + fault.what(),
                  "Name another file with --audit-to.");
    }
  }
  entry.at = with_microseconds(at);
  entry.role = role;
  entry.note = note;
  entry.hash = audit_hash(entry);
  trail.append(audit_entry_json(entry).dump());
}

void read_audit_file(const std::string& path, const std::function<void(const AuditEntry&)>& take) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ExitCode::usage, path + ": the audit trail cannot be read");
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    try {
      take(parse_audit_entry(line));
    } catch (const std::invalid_argument& fault) {
      throw Error(ExitCode::usage, path + ":" + std::to_string(number) + " is " + fault.what());
    }
  }
  if (file.bad()) throw Error(ExitCode::usage, path + ": the audit trail cannot be read");
}

}  // namespace dsar::formats
