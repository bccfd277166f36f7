#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace dsar::formats {

using Bytes = std::span<const unsigned char>;

/// Which library deflates. Output differs, what it inflates to does not.
enum class DeflateEngine : std::uint8_t {
  zlib,
  isal,  ///< several times as fast; not in every build
};

/// The fastest engine of this build.
[[nodiscard]] DeflateEngine best_deflate_engine();

/// Deflates (RFC 1951) the blocks of a stream one by one, so that different blocks can be done at
/// the same time by different deflaters and still make one stream when joined in order.
class BlockDeflater {
 public:
  BlockDeflater() = default;
  BlockDeflater(const BlockDeflater&) = delete;
  BlockDeflater& operator=(const BlockDeflater&) = delete;
  virtual ~BlockDeflater() = default;

  /// Deflates `data`, which follows on `history` (at most 32 KiB of the stream before it), into
  /// `out` from its start, growing it as needed; returns the length. Ends on a byte's edge, and
  /// with the stream if `last`.
  virtual std::size_t deflate(Bytes history, Bytes data, bool last,
                              std::vector<unsigned char>& out) = 0;

  [[nodiscard]] virtual std::uint32_t crc32(Bytes data) const = 0;
};

/// An engine that this build lacks is replaced by zlib.
[[nodiscard]] std::unique_ptr<BlockDeflater> make_block_deflater(DeflateEngine engine);

}  // namespace dsar::formats
