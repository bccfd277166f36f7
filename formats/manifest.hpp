#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/rendered_source.hpp"

namespace dsar::formats {

/// What a file of a package was made from, in words and in order: {{"record_set", "messages"},
/// {"table", "public.messages"}}. Names are unique.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// A file of a package, other than the manifest itself, as it was written.
struct PackageFile {
  std::string name;
  Provenance source;
  std::optional<std::uint64_t> rows;  ///< of files that hold rows
  std::uint64_t bytes = 0;
  std::string sha256;  ///< of its content, lower-case hexadecimal
};

/// The manifest of a package that holds `files`, as formats/schemas/manifest.schema.json describes
/// it, one file a line.
class ManifestSource final : public RenderedSource {
 public:
  /// `files` must outlive the source.
  ManifestSource(const std::string& tool_version, std::chrono::sys_seconds created,
                 const std::vector<PackageFile>& files);

 private:
  bool render(std::string& out) override;

  std::string next_;  ///< what comes before the next file; empty at the end
  const std::vector<PackageFile>& files_;
  std::size_t at_ = 0;
};

}  // namespace dsar::formats
