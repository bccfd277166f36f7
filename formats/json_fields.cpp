#include "formats/json_fields.hpp"

#include <algorithm>

#include "core/suggest.hpp"

namespace dsar::formats {

namespace {

using Kind = JsonValue::Kind;

std::string describe(const JsonValue& value) {
  switch (value.kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::integer:
      return std::to_string(value.integer);
    case Kind::decimal:
      return value.text;
    case Kind::string:
      return "a string";
    case Kind::array:
      return "a list";
    case Kind::object:
      return "an object";
  }
  return {};
}

std::string quoted_list(const std::vector<std::string_view>& names) {
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) result += i + 1 == names.size() ? " or " : ", ";
    result += "'" + std::string(names[i]) + "'";
  }
  return result;
}

/// Text from the file inside a message: one line, not too long.
std::string shown(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string result;
  for (const char letter : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(letter);
    result += byte < 0x20 || byte == 0x7F ? '?' : letter;
  }
  if (text.size() <= most) return result;
  while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xC0U) == 0x80U) {
    result.pop_back();
  }
  if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0xC0U) result.pop_back();
  return result + "...";
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

}  // namespace

void JsonInput::expected(std::string_view what) const {
  fault("expected " + std::string(what) + ", found " + describe(*value_));
}

std::optional<std::string> JsonInput::any_text() const {
  if (!is_string()) {
    expected("a string");
    return std::nullopt;
  }
  if (value_->text.find('\0') != std::string::npos) {
    fault("holds a NUL character, which PostgreSQL cannot");
    return std::nullopt;
  }
  return value_->text;
}

std::optional<std::string> JsonInput::text() const {
  auto result = any_text();
  if (result && is_blank(*result)) {
    fault("expected text, found an empty string");
    return std::nullopt;
  }
  return result;
}

bool JsonInput::is_name(std::string_view text) const {
  constexpr std::size_t longest = 63;  // NAMEDATALEN - 1
  const auto is_control = [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7F;
  };
  if (is_blank(text)) {
    fault("expected a name, found an empty string");
  } else if (std::any_of(text.begin(), text.end(), is_control)) {
    fault("a name holds no control characters");
  } else if (text.size() > longest) {
    fault("the name '" + shown(text) + "' is longer than the 63 bytes that PostgreSQL keeps");
  } else if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
    fault("names are written as they are stored, without SQL quotes: " +
          std::string(text.substr(1, text.size() - 2)));
  } else {
    return true;
  }
  return false;
}

std::optional<std::string> JsonInput::name() const {
  if (!is_string()) {
    expected("a name");
    return std::nullopt;
  }
  if (!is_name(value_->text)) return std::nullopt;
  return value_->text;
}

std::optional<bool> JsonInput::boolean() const {
  if (kind() == Kind::boolean) return value_->boolean;
  expected("true or false");
  return std::nullopt;
}

std::optional<std::int64_t> JsonInput::integer(std::int64_t least, std::int64_t most) const {
  if (kind() == Kind::integer && value_->integer >= least && value_->integer <= most) {
    return value_->integer;
  }
  expected("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<std::string> JsonInput::word_of(const std::vector<std::string_view>& names) const {
  if (!is_string()) {
    expected(quoted_list(names));
    return std::nullopt;
  }
  if (std::find(names.begin(), names.end(), value_->text) == names.end()) {
    fault("expected " + quoted_list(names) + ", found '" + shown(value_->text) + "'" +
          did_you_mean(value_->text, names));
    return std::nullopt;
  }
  return value_->text;
}

std::vector<JsonInput> JsonInput::items() const {
  std::vector<JsonInput> result;
  if (!is_array()) {
    expected("a list");
    return result;
  }
  result.reserve(value_->items.size());
  for (const JsonValue& item : value_->items) {
    result.push_back({*this, item, json_pointer(pointer_, result.size()), item.position.line});
  }
  return result;
}

std::vector<std::pair<std::string, JsonInput>> JsonInput::members() const {
  std::vector<std::pair<std::string, JsonInput>> result;
  if (!is_object()) {
    expected("an object");
    return result;
  }
  result.reserve(value_->members.size());
  for (const JsonMember& member : value_->members) {
    const JsonInput input(*this, member.value, json_pointer(pointer_, member.key),
                          member.position.line);
    if (input.is_name(member.key)) result.emplace_back(member.key, input);
  }
  return result;
}

bool JsonInput::fields(const std::function<void(JsonFields&)>& read) const {
  if (!is_object()) {
    expected("an object");
    return false;
  }
  JsonFields fields(*this);
  read(fields);
  fields.report_unknown();
  return true;
}

std::optional<JsonInput> JsonFields::find(std::string_view key) {
  known_.push_back(key);
  const JsonMember* member = object_.value_->find(key);
  if (member == nullptr) return std::nullopt;
  return JsonInput(object_, member->value, json_pointer(object_.pointer_, key),
                   member->position.line);
}

std::optional<JsonInput> JsonFields::require(std::string_view key) {
  auto found = find(key);
  if (!found) object_.fault("the key '" + std::string(key) + "' is missing");
  return found;
}

void JsonFields::report_unknown() const {
  for (const JsonMember& member : object_.value_->members) {
    const JsonInput input(object_, member.value, json_pointer(object_.pointer_, member.key),
                          member.position.line);
    if (std::find(known_.begin(), known_.end(), member.key) == known_.end()) {
      input.fault("unknown key '" + shown(member.key) + "'" + did_you_mean(member.key, known_));
    } else if (member.key == "note" && !input.is_string()) {
      input.expected("a string");
    }
  }
}

void JsonFields::text(std::string_view key, std::string& into) {
  if (const auto value = find(key)) into = value->text().value_or(into);
}

void JsonFields::name(std::string_view key, std::string& into) {
  if (const auto value = find(key)) into = value->name().value_or(into);
}

void JsonFields::boolean(std::string_view key, bool& into) {
  if (const auto value = find(key)) into = value->boolean().value_or(into);
}

void JsonFields::require_text(std::string_view key, std::string& into) {
  if (const auto value = require(key)) into = value->text().value_or(into);
}

void JsonFields::require_name(std::string_view key, std::string& into) {
  if (const auto value = require(key)) into = value->name().value_or(into);
}

void JsonFields::names(std::string_view key, std::vector<std::string>& into) {
  const auto value = find(key);
  if (!value) return;
  for (const JsonInput& item : one_or_more(*value)) {
    if (auto text = item.name()) into.push_back(std::move(*text));
  }
}

std::vector<JsonInput> one_or_more(const JsonInput& input) {
  if (!input.is_array()) return {input};
  std::vector<JsonInput> items = input.items();
  if (items.empty()) input.fault("expected at least one, found an empty list");
  return items;
}

}  // namespace dsar::formats
