#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "core/crypto/sha256.hpp"
#include "core/row_source.hpp"
#include "formats/zip_deflate.hpp"

namespace dsar::formats {

/// What is known of an entry's content once it has been read to the end.
struct ContentTotals {
  std::uint64_t bytes = 0;
  std::uint32_t crc32 = 0;
  std::string sha256;  ///< lower-case hexadecimal
};

/// Who deflates: the engine, and how many threads for a long stream.
struct DeflateOptions {
  DeflateEngine engine = best_deflate_engine();
  unsigned workers = 0;  ///< 0: one a core, at most 4
};

/// Reads a source to its end and gives its deflated form piece by piece, in bounded memory. What
/// fits in one block is done on the caller's thread; with more, one thread reads and hashes, the
/// workers deflate blocks side by side, and the caller gets them in order.
class DeflateStream {
 public:
  /// `source` must outlive the stream. `deflater` does the short streams.
  DeflateStream(ByteSource& source, BlockDeflater& deflater, const DeflateOptions& options,
                std::stop_token stop);
  DeflateStream(const DeflateStream&) = delete;
  DeflateStream& operator=(const DeflateStream&) = delete;
  /// Waits for a read that is under way.
  ~DeflateStream();

  /// The next piece, valid until the next call; empty at the end. Throws what reading throws, and
  /// `Error{interrupted}` when asked to stop.
  [[nodiscard]] Bytes next();

  /// Valid once `next` has said that it is the end.
  [[nodiscard]] const ContentTotals& totals() const { return totals_; }

 private:
  /// A part of the source after the history it refers to, and what became of it.
  struct Block {
    std::unique_ptr<unsigned char[]> input;
    std::size_t history = 0;
    std::size_t size = 0;
    bool last = false;
    std::vector<unsigned char> output;
    std::size_t output_size = 0;
    std::uint32_t crc32 = 0;
    bool ready = false;

    [[nodiscard]] Bytes history_bytes() const { return {input.get(), history}; }
    [[nodiscard]] Bytes bytes() const { return {input.get() + history, size}; }
  };

  void start();
  void fill(Block& block, const Block* previous);
  static void deflate(Block& block, BlockDeflater& deflater);
  void produce();
  void work();
  void fail();
  [[nodiscard]] Block& block(std::uint64_t number) { return ring_[number % ring_.size()]; }

  ByteSource& source_;
  BlockDeflater& deflater_;
  DeflateOptions options_;
  std::stop_token stop_;
  Sha256 hash_;
  ContentTotals totals_;
  bool started_ = false;
  bool holding_ = false;  ///< the caller reads the block `drained_`

  std::mutex mutex_;  ///< guards what follows, and `ready` of the blocks
  std::condition_variable changed_;
  std::vector<Block> ring_;
  std::uint64_t filled_ = 0;   ///< blocks read from the source
  std::uint64_t claimed_ = 0;  ///< blocks that a worker has taken
  std::uint64_t drained_ = 0;  ///< blocks given to the caller and done with
  bool ended_ = false;         ///< the last block is filled
  bool abandoned_ = false;     ///< threads are to end
  std::exception_ptr failure_;

  std::vector<std::jthread> threads_;
};

}  // namespace dsar::formats
