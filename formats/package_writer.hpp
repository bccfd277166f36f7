#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/row_source.hpp"
#include "formats/entry_name.hpp"
#include "formats/manifest.hpp"
#include "formats/safe_file.hpp"
#include "formats/zip_writer.hpp"

namespace dsar::formats {

struct PackageOptions {
  SafeFile::Existing existing = SafeFile::Existing::refuse;
  std::string tool_version;
  std::chrono::sys_seconds created;  ///< in the manifest, and the time of all files
  DeflateOptions deflate;
  /// Gives the signature of the manifest's exact bytes, which goes into the package as
  /// `manifest.json.sig`; empty: none does.
  std::function<std::string(std::string_view)> sign = {};
  std::stop_token stop;  ///< asked between reads; a read that blocks has to end by itself
};

/// What was written.
struct PackageSummary {
  std::vector<PackageFile> files;  ///< all but the manifest, in order
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< unpacked, all but the manifest
  std::string manifest_sha256;
};

/// Writes a package: a ZIP of files and, last, `manifest.json` with their rows, sizes and digests,
/// and its signature.
///
/// Files are announced first and written by `finish`, in the order in which they were announced, in
/// flat memory. The functions given here, and the sources that they return, are called only when
/// their file's turn comes, one after the other, perhaps on another thread; a source is gone before
/// the next file is opened. So a database connection may serve them all, and a text may tell of
/// the files before it.
class PackageWriter {
 public:
  /// Refuses a bad target at once; the errors are those of SafeFile.
  PackageWriter(const std::filesystem::path& target, PackageOptions options);
  PackageWriter(const PackageWriter&) = delete;
  PackageWriter& operator=(const PackageWriter&) = delete;
  ~PackageWriter() = default;

  /// Announces a file and returns the name that it will have: safe, and `name` if that is.
  std::string add_rows(std::string_view name, Provenance source,
                       std::function<std::unique_ptr<RowSource>()> open);
  std::string add_bytes(std::string_view name, Provenance source,
                        std::function<std::unique_ptr<ByteSource>()> open);
  std::string add_text(std::string_view name, Provenance source,
                       std::function<std::string()> write);

  /// Writes everything and puts the package in place. Throws what a source throws and
  /// `Error{interrupted}`; then there is no package, and an old one is as it was. Call it once.
  PackageSummary finish();

 private:
  using Open = std::function<std::unique_ptr<ByteSource>()>;

  std::string add(std::string_view name, Provenance source, Open open);

  PackageOptions options_;
  SafeFile target_;
  EntryNames names_;
  std::vector<PackageFile> files_;
  std::vector<Open> opens_;
};

}  // namespace dsar::formats
