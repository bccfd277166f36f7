#include "formats/package_rows.hpp"

#include <utility>

namespace dsar::formats {

JsonArraySource::JsonArraySource(std::unique_ptr<RowSource> rows, std::uint64_t& row_count)
    : rows_(std::move(rows)), json_(rows_->columns()), row_count_(row_count), rendered_("[") {}

std::size_t JsonArraySource::read(char* out, std::size_t size) {
  while (rows_ && rendered_.size() - read_ < size) render_next();
  const std::size_t length = rendered_.copy(out, size, read_);
  read_ += length;
  forget_read();
  return length;
}

void JsonArraySource::render_next() {
  if (rows_->next(row_)) {
    rendered_ += std::exchange(separator_, ",\n");
    json_.append(rendered_, row_);
    ++row_count_;
  } else {
    rendered_ += "\n]\n";
    rows_.reset();
  }
}

/// Moves what is left to the front when that is the smaller part, so that a huge row is not moved
/// over and over, and gives its memory back.
void JsonArraySource::forget_read() {
  constexpr std::size_t usual = std::size_t{4} << 20;
  if (read_ < rendered_.size() - read_) return;
  rendered_.erase(0, read_);
  read_ = 0;
  if (rendered_.capacity() > usual && rendered_.size() < usual) rendered_.shrink_to_fit();
}

TextSource::TextSource(std::string text) : text_(std::move(text)) {}

std::size_t TextSource::read(char* out, std::size_t size) {
  const std::size_t length = text_.copy(out, size, read_);
  read_ += length;
  return length;
}

}  // namespace dsar::formats
