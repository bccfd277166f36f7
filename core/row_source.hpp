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

/// One value a column, as the server wrote it; nullopt for NULL.
using Row = std::vector<std::optional<std::string_view>>;

/// Rows pulled one by one, so that nothing is ever held whole. A source may be read by another
/// thread than the one that made it, but never by two at once. To change values on their way out,
/// wrap a source in another.
class RowSource {
 public:
  RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;
  virtual ~RowSource() = default;

  [[nodiscard]] virtual const std::vector<Column>& columns() const = 0;
  /// The next row, one view a column (nullopt for NULL), valid until the next call; false at the
  /// end.
  virtual bool next(Row& row) = 0;
};

/// The bytes of one value, pulled in chunks. The same holds for threads.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Up to `size` bytes into `out`; 0 at the end, and only there.
  virtual std::size_t read(char* out, std::size_t size) = 0;
};

}  // namespace dsar
