#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/rectification.hpp"

/// What has to be written where a value is found: decided from what the row holds.
namespace dsar {

/// A row in which a place holds a value.
struct StoredValue {
  std::vector<std::string> address;  ///< its key columns as text, or tableoid and ctid
  std::vector<std::optional<std::string>> columns;  ///< the place's columns as text
  /// Of an array its text with the new value in place; of a part the part.
  std::optional<std::string> further;
};

/// A column's new text, and what it was when it was found.
struct NewText {
  std::string column;
  std::optional<std::string> before;
  std::optional<std::string> after;  ///< nothing: NULL
};

/// A JSON text with `value` in place of every string and number at `inside` (empty: anywhere) that
/// is one of `spellings`, all else as it was; nothing where there is none.
using JsonReplacer = std::function<std::optional<std::string>(
    std::string_view json, const std::vector<JsonPath>& inside,
    const std::set<std::string>& spellings, const std::string& value)>;

/// What to write so that `value` takes the place of whatever is one of `spellings`; nothing where
/// the row stays as it is. Throws Error (usage) where columns that are joined cannot take it.
std::optional<NewText> new_text(const Place& place, const StoredValue& stored,
                                const std::set<std::string>& spellings, const std::string& value,
                                const JsonReplacer& replace_json);

}  // namespace dsar
