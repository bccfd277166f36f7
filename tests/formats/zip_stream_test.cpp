#include "formats/zip_stream.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <stdexcept>
#include <string>

#include "core/error.hpp"
#include "tests/formats/synthetic_sources.hpp"

using dsar::ByteSource;
using dsar::formats::Bytes;
using dsar::formats::ContentTotals;
using dsar::formats::DeflateEngine;
using dsar::formats::DeflateOptions;
using dsar::formats::DeflateStream;

namespace {

constexpr std::size_t block = std::size_t{256} << 10;

/// Gives `text` in one piece per read and may then throw.
class Text final : public ByteSource {
 public:
  explicit Text(std::string text, bool fails = false) : text_(std::move(text)), fails_(fails) {}

  std::size_t read(char* out, std::size_t size) override {
    const std::size_t length = text_.copy(out, size, at_);
    at_ += length;
    if (length == 0 && fails_) throw std::runtime_error("the source failed");
    return length;
  }

 private:
  std::string text_;
  bool fails_;
  std::size_t at_ = 0;
};

/// Never ends.
class Endless final : public ByteSource {
 public:
  std::size_t read(char* out, std::size_t size) override {
    std::fill_n(out, size, 'x');
    return size;
  }
};

struct Deflated {
  std::string bytes;
  ContentTotals totals;
};

Deflated deflate(ByteSource& source, const DeflateOptions& options) {
  const auto deflater = dsar::formats::make_block_deflater(options.engine);
  DeflateStream stream(source, *deflater, options, {});
  Deflated deflated;
  for (Bytes piece = stream.next(); !piece.empty(); piece = stream.next()) {
    deflated.bytes.append(piece.begin(), piece.end());
  }
  CHECK(stream.next().empty());
  deflated.totals = stream.totals();
  return deflated;
}

std::string inflate(std::string deflated, std::size_t size) {
  std::string text(size + 1, '\0');
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, -15) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(deflated.data());
  stream.avail_in = static_cast<uInt>(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int state = ::inflate(&stream, Z_FINISH);
  CHECK(state == Z_STREAM_END);
  CHECK(stream.avail_in == 0);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

std::string sample(std::size_t size, bool deflates) {
  std::string text(size, '\0');
  if (!deflates) {
    dsar::test::SyntheticBytes bytes(size);
    for (std::size_t at = 0; at < size;) at += bytes.read(text.data() + at, size - at);
    return text;
  }
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i * i / 7 % 23);
  return text;
}

}  // namespace

TEST_CASE("what is deflated inflates to the same, at every size around the block's") {
  for (const DeflateEngine engine : {DeflateEngine::zlib, DeflateEngine::isal}) {
    for (const bool deflates : {true, false}) {
      for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, block - 1,
                                     block, block + 1, 2 * block, 20 * block, 20 * block + 77}) {
        CAPTURE(size);
        const std::string text = sample(size, deflates);
        Text source(text);
        const Deflated deflated = deflate(source, {engine, 3});
        CHECK(inflate(deflated.bytes, size) == text);
        CHECK(deflated.totals.bytes == size);
        CHECK(deflated.totals.sha256 == dsar::sha256_hex(text));
        CHECK(deflated.totals.crc32 ==
              crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
        CHECK(deflated.bytes.size() <= size + size / 1000 + 1000);
        if (deflates && size > 10'000) CHECK(deflated.bytes.size() < size / 4);
      }
    }
  }
}

TEST_CASE("the deflated bytes do not depend on the number of threads") {
  const std::string text = sample(10 * block, true);
  Text one(text);
  Text four(text);
  CHECK(deflate(one, {dsar::formats::best_deflate_engine(), 1}).bytes ==
        deflate(four, {dsar::formats::best_deflate_engine(), 4}).bytes);
}

TEST_CASE("a block is deflated with what came before it in mind") {
  std::string text = sample(block, false);
  text += text.substr(block - 30'000);
  for (const DeflateEngine engine : {DeflateEngine::zlib, DeflateEngine::isal}) {
    Text source(text);
    CHECK(deflate(source, {engine, 2}).bytes.size() < block + 10'000);
  }
}

TEST_CASE("a source that fails early or late passes its exception on") {
  for (const std::size_t size : {std::size_t{10}, 10 * block}) {
    Text source(sample(size, true), true);
    CHECK_THROWS_WITH(deflate(source, {}), "the source failed");
  }
}

TEST_CASE("a stream that is asked to stop is interrupted") {
  Endless source;
  const auto deflater = dsar::formats::make_block_deflater(DeflateEngine::zlib);
  std::stop_source stop;
  DeflateStream stream(source, *deflater, {}, stop.get_token());
  CHECK_FALSE(stream.next().empty());
  stop.request_stop();
  const auto drain = [&] {
    while (!stream.next().empty()) continue;
  };
  CHECK_THROWS_AS(drain(), dsar::Error);
}

TEST_CASE("a stream that is not read to its end goes away quietly") {
  Endless source;
  const auto deflater = dsar::formats::make_block_deflater(DeflateEngine::zlib);
  DeflateStream stream(source, *deflater, {}, {});
  CHECK_FALSE(stream.next().empty());
}
