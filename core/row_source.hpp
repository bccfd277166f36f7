#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value_kind.hpp"

namespace dsar {

struct Column {
  std::string name;
  ValueKind kind;
};

/// Rows pulled one by one, so that nothing is ever held whole.
class RowSource {
 public:
  virtual ~RowSource() = default;
  [[nodiscard]] virtual const std::vector<Column>& columns() const = 0;
  /// The next row, one view a column (nullopt for NULL), valid until the next call; false at the
  /// end.
  virtual bool next(std::vector<std::optional<std::string_view>>& row) = 0;
};

/// The bytes of one value, pulled in chunks.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Up to `size` bytes into `out`; 0 at the end.
  virtual std::size_t read(char* out, std::size_t size) = 0;
};

}  // namespace dsar
