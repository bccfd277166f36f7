#include "formats/rendered_source.hpp"

namespace dsar::formats {

std::size_t RenderedSource::read(char* out, std::size_t size) {
  while (!ended_ && rendered_.size() - read_ < size) ended_ = !render(rendered_);
  const std::size_t length = rendered_.copy(out, size, read_);
  read_ += length;
  forget_read();
  return length;
}

/// Moves what is left to the front when that is the smaller part, so that a huge part is not moved
/// over and over, and gives its memory back.
void RenderedSource::forget_read() {
  constexpr std::size_t usual = std::size_t{4} << 20;
  if (read_ < rendered_.size() - read_) return;
  rendered_.erase(0, read_);
  read_ = 0;
  if (rendered_.capacity() > usual && rendered_.size() < usual) rendered_.shrink_to_fit();
}

}  // namespace dsar::formats
