#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/row_source.hpp"
#include "formats/safe_file.hpp"
#include "formats/zip_stream.hpp"

namespace dsar::formats {

/// An entry that is opened when the writer gets to it and not before.
struct ZipEntry {
  std::string name;  ///< safe and unique (entry_name.hpp), UTF-8
  std::function<std::unique_ptr<ByteSource>()> open;
  /// Called when the entry has been written, before the next is opened.
  std::function<void(const ContentTotals&)> done;
};

struct ZipOptions {
  std::chrono::sys_seconds time;  ///< of all entries, so that equal content makes equal files
  DeflateOptions deflate;
  std::stop_token stop;
};

/// Writes a ZIP of `entries` in their order to `file`, reading one after the other to its end;
/// nothing is spooled. Throws what an entry throws, `Error{interrupted}` when asked to stop, and
/// what the file throws. The file is left to be committed.
void write_zip(SafeFile& file, const std::vector<ZipEntry>& entries, const ZipOptions& options);

}  // namespace dsar::formats
