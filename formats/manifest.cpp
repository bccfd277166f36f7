#include "formats/manifest.hpp"

#include <array>
#include <cstdio>

#include "formats/json_row.hpp"

namespace dsar::formats {
namespace {

/// RFC 3339, in UTC.
std::string to_text(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  const year_month_day day(floor<days>(time));
  const hh_mm_ss clock(time - floor<days>(time));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

void append_file(std::string& out, const PackageFile& file) {
  out += "    {\"name\": ";
  append_json_string(out, file.name);
  out += ", \"source\": {";
  for (std::size_t i = 0; i < file.source.size(); ++i) {
    if (i > 0) out += ", ";
    append_json_string(out, file.source[i].first);
    out += ": ";
    append_json_string(out, file.source[i].second);
  }
  out += '}';
  if (file.rows) out += ", \"rows\": " + std::to_string(*file.rows);
  out += ", \"bytes\": " + std::to_string(file.bytes) + ", \"sha256\": \"" + file.sha256 + "\"}";
}

}  // namespace

std::string manifest_json(const std::string& tool_version, std::chrono::sys_seconds created,
                          const std::vector<PackageFile>& files) {
  std::string out = "{\n  \"schema\": \"dsarctl-manifest\",\n  \"version\": 1,\n  \"tool\": ";
  out += "{\"name\": \"dsarctl\", \"version\": ";
  append_json_string(out, tool_version);
  out += "},\n  \"created\": \"" + to_text(created) + "\",\n  \"files\": [\n";
  for (std::size_t i = 0; i < files.size(); ++i) {
    append_file(out, files[i]);
    out += i + 1 < files.size() ? ",\n" : "\n";
  }
  out += "  ]\n}\n";
  return out;
}

}  // namespace dsar::formats
