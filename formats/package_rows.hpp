#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/row_source.hpp"
#include "formats/json_row.hpp"

namespace dsar::formats {

/// Rows as the bytes of a JSON array, one object a line, rendered as they are read.
class JsonArraySource final : public ByteSource {
 public:
  /// Adds to `row_count` with every row.
  JsonArraySource(std::unique_ptr<RowSource> rows, std::uint64_t& row_count);

  std::size_t read(char* out, std::size_t size) override;

 private:
  void render_next();
  void forget_read();

  std::unique_ptr<RowSource> rows_;  ///< null at the end
  JsonRow json_;
  std::uint64_t& row_count_;
  Row row_;
  const char* separator_ = "\n";
  std::string rendered_;
  std::size_t read_ = 0;  ///< how much of `rendered_` has been handed out
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
