#include "formats/text_table.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "formats/printable.hpp"

namespace dsar::formats {

TextTable::TextTable(std::vector<TableColumn> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) {
  if (cells.size() > columns_.size()) throw std::logic_error("a row has more cells than columns");
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::size_t indent) const {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> headings;
  for (const TableColumn& column : columns_) headings.push_back(printable(column.heading));
  const bool headed = std::any_of(headings.begin(), headings.end(),
                                  [](const std::string& heading) { return !heading.empty(); });
  if (headed) lines.push_back(std::move(headings));
  lines.insert(lines.end(), rows_.begin(), rows_.end());

  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(line[i]));
    }
  }
  std::string result;
  for (const auto& line : lines) {
    std::string text(indent, ' ');
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (i > 0) text += "  ";
      const std::string padding(widths[i] - display_width(line[i]), ' ');
      text += columns_[i].align == Align::right ? padding + line[i] : line[i] + padding;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    result += text + '\n';
  }
  return result;
}

}  // namespace dsar::formats
