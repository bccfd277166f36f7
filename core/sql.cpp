#include "core/sql.hpp"

#include "core/error.hpp"

namespace dsar {

Quoted quote(std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos)
    throw Error(ExitCode::usage, "an identifier is empty or holds a NUL character");
  std::string text;
  text.reserve(name.size() + 2);
  text += '"';
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
  return Quoted(std::move(text));
}

Quoted quote(const TableName& table) {
  return Quoted(quote(table.schema).text() + "." + quote(table.name).text());
}

Quoted qualify(std::string_view alias, std::string_view column) {
  return Quoted(quote(alias).text() + "." + quote(column).text());
}

std::string string_literal(std::string_view value) {
  if (value.find('\0') != std::string_view::npos)
    throw Error(ExitCode::usage, "a text in the map holds a NUL character");
  // E'' where the meaning would hang on standard_conforming_strings.
  std::string text = value.find('\\') == std::string_view::npos ? "'" : "E'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += c;
    text += c;
  }
  return text + "'";
}

std::string SqlStatement::bind(const std::optional<std::string>& value, std::string_view type) {
  for (std::size_t i = 0; i < params_.size(); ++i) {
    if (params_[i] == value && types_[i] == type)
      return "$" + std::to_string(i + 1) + "::" + types_[i];
  }
  params_.push_back(value);
  types_.emplace_back(type);
  return "$" + std::to_string(params_.size()) + "::" + types_.back();
}

std::string SqlStatement::bind_as_column(const std::optional<std::string>& value) {
  params_.push_back(value);
  types_.emplace_back("(the column's)");
  return "$" + std::to_string(params_.size());
}

std::string array_value(const std::vector<std::string>& values) {
  std::string text = "{";
  for (const auto& value : values) {
    if (text.size() > 1) text += ',';
    text += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const auto& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

}  // namespace dsar
