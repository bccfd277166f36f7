#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "formats/json_row.hpp"
#include "formats/rendered_source.hpp"

namespace dsar::formats {

/// Rows as the bytes of a JSON array, one object a line.
class JsonArraySource final : public RenderedSource {
 public:
  /// Adds to `row_count` with every row.
  JsonArraySource(std::unique_ptr<RowSource> rows, std::uint64_t& row_count);

 private:
  bool render(std::string& out) override;

  std::unique_ptr<RowSource> rows_;  ///< null after the last
  JsonRow json_;
  std::uint64_t& row_count_;
  Row row_;
  const char* separator_ = "[\n";
};

/// A text that exists already.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text);

  std::size_t read(char* out, std::size_t size) override;

 private:
  std::string text_;
  std::size_t read_ = 0;
};

}  // namespace dsar::formats
