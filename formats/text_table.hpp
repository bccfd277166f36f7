#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dsar::formats {

enum class Align { left, right };

struct TableColumn {
  std::string heading;
  Align align = Align::left;
};

/// A table for a terminal: columns as wide as their widest cell, two blanks apart. Cells may hold
/// anything; they are made printable.
class TextTable {
 public:
  /// A table whose headings are all empty has no heading line.
  explicit TextTable(std::vector<TableColumn> columns);

  /// A row; cells that are missing at its end are empty. Throws std::logic_error for too many.
  void add(std::vector<std::string> cells);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// All lines, each indented by `indent` blanks, without blanks at its end.
  [[nodiscard]] std::string text(std::size_t indent = 0) const;

 private:
  std::vector<TableColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace dsar::formats
