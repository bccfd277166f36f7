#include "formats/package_writer.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "formats/package_rows.hpp"

namespace dsar::formats {
namespace {

constexpr std::string_view manifest_name = "manifest.json";
constexpr std::string_view signature_name = "manifest.json.sig";

std::string read_whole(ByteSource& source) {
  std::string all;
  std::array<char, 16384> piece{};
  while (const auto size = source.read(piece.data(), piece.size())) all.append(piece.data(), size);
  return all;
}

}  // namespace

PackageWriter::PackageWriter(const std::filesystem::path& target, PackageOptions options)
    : options_(std::move(options)), target_(target, options_.existing) {
  names_.claim(manifest_name);
  names_.claim(signature_name);
}

std::string PackageWriter::add_rows(std::string_view name, Provenance source,
                                    std::function<std::unique_ptr<RowSource>()> open) {
  const std::size_t index = files_.size();
  std::string final_name = add(name, std::move(source), [this, index, open = std::move(open)] {
    return std::make_unique<JsonArraySource>(open(), *files_[index].rows);
  });
  files_[index].rows = 0;
  return final_name;
}

std::string PackageWriter::add_bytes(std::string_view name, Provenance source,
                                     std::function<std::unique_ptr<ByteSource>()> open) {
  return add(name, std::move(source), std::move(open));
}

std::string PackageWriter::add_text(std::string_view name, Provenance source,
                                    std::function<std::string()> write) {
  return add(name, std::move(source),
             [write = std::move(write)] { return std::make_unique<TextSource>(write()); });
}

std::string PackageWriter::add(std::string_view name, Provenance source, Open open) {
  files_.push_back({names_.claim(name), std::move(source), std::nullopt, 0, {}});
  opens_.push_back(std::move(open));
  return files_.back().name;
}

PackageSummary PackageWriter::finish() {
  PackageSummary summary;
  std::vector<ZipEntry> entries;
  entries.reserve(files_.size() + 1);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    PackageFile& file = files_[i];
    entries.push_back({file.name, std::move(opens_[i]), [&file](const ContentTotals& totals) {
                         file.bytes = totals.bytes;
                         file.sha256 = totals.sha256;
                       }});
  }
  const auto write_manifest = [this] {
    return std::make_unique<ManifestSource>(options_.tool_version, options_.created, files_);
  };
  entries.push_back({std::string(manifest_name), write_manifest, [&](const ContentTotals& totals) {
                       summary.manifest_sha256 = totals.sha256;
                     }});
  if (options_.sign) {
    // Written once more, to the same bytes: by now it is complete.
    const auto sign_manifest = [&] {
      return std::make_unique<TextSource>(options_.sign(read_whole(*write_manifest())));
    };
    entries.push_back({std::string(signature_name), sign_manifest, [](const ContentTotals&) {}});
  }
  write_zip(target_, entries, {options_.created, options_.deflate, options_.stop});
  target_.commit();
  for (const PackageFile& file : files_) {
    summary.rows += file.rows.value_or(0);
    summary.bytes += file.bytes;
  }
  summary.files = std::move(files_);
  return summary;
}

}  // namespace dsar::formats
