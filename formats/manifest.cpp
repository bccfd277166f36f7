#include "formats/manifest.hpp"

#include <array>
#include <cstdio>
#include <utility>

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

ManifestSource::ManifestSource(const std::string& tool_version, std::chrono::sys_seconds created,
                               const std::vector<PackageFile>& files)
    : files_(files) {
  next_ = "{\n  \"schema\": \"dsarctl-manifest\",\n  \"version\": 1,\n  \"tool\": ";
  next_ += "{\"name\": \"dsarctl\", \"version\": ";
  append_json_string(next_, tool_version);
  next_ += "},\n  \"created\": \"" + to_text(created) + "\",\n  \"files\": [\n";
}

bool ManifestSource::render(std::string& out) {
  if (next_.empty()) return false;
  if (at_ < files_.size()) {
    out += std::exchange(next_, ",\n");
    append_file(out, files_[at_++]);
  } else {
    out += files_.empty() ? next_ : "\n";
    out += "  ]\n}\n";
    next_.clear();
  }
  return true;
}

}  // namespace dsar::formats
