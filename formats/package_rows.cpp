#include "formats/package_rows.hpp"

#include <utility>

namespace dsar::formats {

JsonArraySource::JsonArraySource(std::unique_ptr<RowSource> rows, std::uint64_t& row_count)
    : rows_(std::move(rows)), json_(rows_->columns()), row_count_(row_count) {}

bool JsonArraySource::render(std::string& out) {
  if (!rows_) return false;
  if (rows_->next(row_)) {
    out += std::exchange(separator_, ",\n");
    json_.append(out, row_);
    ++row_count_;
  } else {
    out += *separator_ == '[' ? "[\n]\n" : "\n]\n";
    rows_.reset();
  }
  return true;
}

TextSource::TextSource(std::string text) : text_(std::move(text)) {}

std::size_t TextSource::read(char* out, std::size_t size) {
  const std::size_t length = text_.copy(out, size, read_);
  read_ += length;
  return length;
}

}  // namespace dsar::formats
