#include "formats/zip_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace dsar::formats {
namespace {

constexpr std::size_t block_size = std::size_t{256} << 10;
constexpr std::size_t history_size = std::size_t{32} << 10;  // deflate's window

unsigned worker_count(unsigned wanted) {
  return wanted != 0 ? wanted : std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

}  // namespace

DeflateStream::DeflateStream(ByteSource& source, BlockDeflater& deflater,
                             const DeflateOptions& options, std::stop_token stop)
    : source_(source),
      deflater_(deflater),
      options_(options),
      stop_(std::move(stop)),
      ring_(2 * worker_count(options.workers) + 1) {}

DeflateStream::~DeflateStream() {
  const std::lock_guard lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

Bytes DeflateStream::next() {
  if (!std::exchange(started_, true)) start();
  std::unique_lock lock(mutex_);
  if (std::exchange(holding_, false)) {
    block(drained_++).ready = false;
    changed_.notify_all();
  }
  changed_.wait(lock, [this] {
    const bool all_drained = drained_ == filled_;
    return failure_ || (all_drained ? ended_ : block(drained_).ready);
  });
  if (failure_) std::rethrow_exception(failure_);
  if (drained_ == filled_) return {};
  holding_ = true;
  const Block& done = block(drained_);
  totals_.crc32 = static_cast<std::uint32_t>(
      crc32_combine(totals_.crc32, done.crc32, static_cast<z_off_t>(done.size)));
  return {done.output.data(), done.output_size};
}

void DeflateStream::start() {
  Block& first = ring_[0];
  fill(first, nullptr);
  filled_ = 1;
  if (first.last) {
    deflate(first, deflater_);
    first.ready = true;
    ended_ = true;
    return;
  }
  threads_.emplace_back([this] { produce(); });
  for (unsigned i = worker_count(options_.workers); i > 0; --i) {
    threads_.emplace_back([this] { work(); });
  }
}

/// Reads a whole block, or up to the end, after the end of the one before.
void DeflateStream::fill(Block& block, const Block* previous) {
  if (stop_.stop_requested()) throw Error(ExitCode::interrupted, "interrupted");
  if (!block.input) {
    block.input = std::make_unique_for_overwrite<unsigned char[]>(history_size + block_size);
  }
  block.history = 0;
  if (previous != nullptr) {
    const Bytes tail = previous->bytes().last(history_size);
    std::memcpy(block.input.get(), tail.data(), tail.size());
    block.history = tail.size();
  }
  char* const data = reinterpret_cast<char*>(block.input.get() + block.history);
  block.size = 0;
  block.last = false;
  while (block.size < block_size && !block.last) {
    const std::size_t read = source_.read(data + block.size, block_size - block.size);
    block.size += read;
    block.last = read == 0;
  }
  hash_.update({data, block.size});
  totals_.bytes += block.size;
  if (block.last) totals_.sha256 = hash_.hex();
}

void DeflateStream::deflate(Block& block, BlockDeflater& deflater) {
  block.output_size =
      deflater.deflate(block.history_bytes(), block.bytes(), block.last, block.output);
  block.crc32 = deflater.crc32(block.bytes());
}

void DeflateStream::produce() {
  try {
    for (std::uint64_t number = 1;; ++number) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return abandoned_ || number - drained_ < ring_.size(); });
        if (abandoned_) return;
      }
      // The block before is intact until this one's turn comes round again: only we fill blocks.
      fill(block(number), &block(number - 1));
      const std::lock_guard lock(mutex_);
      filled_ = number + 1;
      ended_ = block(number).last;
      changed_.notify_all();
      if (ended_) return;
    }
  } catch (...) {
    fail();
  }
}

void DeflateStream::work() {
  try {
    const std::unique_ptr<BlockDeflater> deflater = make_block_deflater(options_.engine);
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return abandoned_ || ended_ || claimed_ < filled_; });
      if (abandoned_ || claimed_ == filled_) return;
      Block& mine = block(claimed_++);
      lock.unlock();
      deflate(mine, *deflater);
      lock.lock();
      mine.ready = true;
      changed_.notify_all();
    }
  } catch (...) {
    fail();
  }
}

void DeflateStream::fail() {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::current_exception();
  abandoned_ = true;
  changed_.notify_all();
}

}  // namespace dsar::formats
