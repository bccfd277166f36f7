#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/row_source.hpp"

namespace dsar::formats {

/// Appends `text` as a JSON string: quotes, backslashes and control characters escaped, everything
/// else as it is (so the text has to be UTF-8, which the session's client_encoding sees to).
void append_json_string(std::string& out, std::string_view text);

/// Writes rows as JSON objects and loses nothing: digits stay as the server wrote them (1.10,
/// 18446744073709551616), json keeps its spaces and duplicate keys, timestamps become ISO 8601,
/// bytea becomes base64. NaN, infinities and whatever else is not of its kind's usual shape (a
/// label put in a number's place, a date before Christ) becomes a string; `json` alone is not
/// looked at.
class JsonRow {
 public:
  explicit JsonRow(const std::vector<Column>& columns);

  /// Appends one object on one line (unless a `json` value itself has line breaks). `row` has one
  /// value per column.
  void append(std::string& out, const Row& row) const;

 private:
  struct Field {
    std::string prefix;  ///< `{"name":` or `,"name":`
    ValueKind kind;
  };
  std::vector<Field> fields_;
};

}  // namespace dsar::formats
