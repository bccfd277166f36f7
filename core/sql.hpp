#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/map/data_map.hpp"

/// SQL text: the only place that quotes an identifier. A quoted name is a type of its own, so that
/// a bare name cannot be put into a statement by mistake.
namespace dsar {

/// An identifier as it may stand in a statement.
class Quoted {
 public:
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  friend Quoted quote(std::string_view name);
  friend Quoted quote(const TableName& table);
  friend Quoted qualify(std::string_view alias, std::string_view column);
  friend std::string operator+(std::string_view before, const Quoted& quoted) {
    return std::string(before) + quoted.text_;
  }
  friend std::string operator+(const Quoted& quoted, std::string_view after) {
    return quoted.text_ + std::string(after);
  }

 private:
  explicit Quoted(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// `name` in double quotes. Throws Error (usage) for an empty name or one with a NUL.
Quoted quote(std::string_view name);
/// `"schema"."name"`
Quoted quote(const TableName& table);
/// `"alias"."column"`
Quoted qualify(std::string_view alias, std::string_view column);

/// A string constant of the map's (a pattern, a JSON path). Personal values are bound, never this.
std::string string_literal(std::string_view value);

/// A statement in the making: text, and the values bound to it.
class SqlStatement {
 public:
  SqlStatement() = default;
  explicit SqlStatement(std::string without_values) : text(std::move(without_values)) {}

  std::string text;

  /// Binds a value and gives its placeholder with a cast, e.g. `$3::pg_catalog.text[]`; the same
  /// value of the same type is bound once. `type` is a type name as format_type() gives it.
  std::string bind(const std::optional<std::string>& value, std::string_view type);
  /// Binds a value without a cast, for `SET "column" = $3`: the server reads it as the column's
  /// type and refuses what is too long, where a cast would cut it.
  std::string bind_as_column(const std::optional<std::string>& value);

  [[nodiscard]] const std::vector<std::optional<std::string>>& params() const noexcept {
    return params_;
  }

 private:
  std::vector<std::optional<std::string>> params_;
  std::vector<std::string> types_;
};

/// PostgreSQL's text form of a one-dimensional array.
std::string array_value(const std::vector<std::string>& values);

/// `, `-joined.
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace dsar
