#pragma once

#include <cstddef>
#include <string>

#include "core/row_source.hpp"

namespace dsar::formats {

/// Text that is rendered part by part as it is read, so that it is never held whole.
class RenderedSource : public ByteSource {
 public:
  std::size_t read(char* out, std::size_t size) final;

 private:
  /// Appends the next part; false when there is no more.
  virtual bool render(std::string& out) = 0;

  void forget_read();

  std::string rendered_;
  std::size_t read_ = 0;  ///< how much of `rendered_` has been handed out
  bool ended_ = false;
};

}  // namespace dsar::formats
