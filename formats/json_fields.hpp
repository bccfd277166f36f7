#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/enum_names.hpp"
#include "core/fault.hpp"
#include "formats/json_locator.hpp"

/// Typed reading of a JsonDocument: what does not fit is reported and left out, so that one pass
/// finds every fault.
namespace dsar::formats {

class JsonFields;

/// A value that is being read: the value, its pointer, and where faults go.
class JsonInput {
 public:
  /// The whole document; `faults` must outlive this and all that comes from it, as must `document`.
  JsonInput(const JsonDocument& document, std::vector<Fault>& faults)
      : value_(&document.root),
        file_(&document.file),
        faults_(&faults),
        line_(document.root.position.line) {}

  [[nodiscard]] Location where() const { return {*file_, pointer_, line_, 0}; }
  void fault(std::string message) const { faults_->push_back({where(), std::move(message)}); }

  [[nodiscard]] JsonValue::Kind kind() const { return value_->kind; }
  [[nodiscard]] bool is_null() const { return kind() == JsonValue::Kind::null; }
  [[nodiscard]] bool is_string() const { return kind() == JsonValue::Kind::string; }
  [[nodiscard]] bool is_array() const { return kind() == JsonValue::Kind::array; }
  [[nodiscard]] bool is_object() const { return kind() == JsonValue::Kind::object; }

  /// Text that holds no NUL.
  [[nodiscard]] std::optional<std::string> any_text() const;
  /// Text that is not blank and holds no NUL.
  [[nodiscard]] std::optional<std::string> text() const;
  /// A name as PostgreSQL stores it: text of at most 63 bytes, not in SQL quotes.
  [[nodiscard]] std::optional<std::string> name() const;
  [[nodiscard]] std::optional<bool> boolean() const;
  /// A whole number from `least` to `most`.
  [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t least, std::int64_t most) const;
  /// One of the enum's names.
  template <NamedEnum E>
  [[nodiscard]] std::optional<E> word() const;
  /// One of the words.
  [[nodiscard]] std::optional<std::string> word_of(
      const std::vector<std::string_view>& names) const;

  /// The items of an array.
  [[nodiscard]] std::vector<JsonInput> items() const;
  /// The members of an object whose keys are names; the keys are checked as `name` checks them.
  [[nodiscard]] std::vector<std::pair<std::string, JsonInput>> members() const;
  /// Reads an object with fixed keys: calls `read`, then reports keys it did not ask for. `note`
  /// is always allowed. False where the value is no object.
  // NOLINTNEXTLINE(modernize-use-nodiscard): most callers have nothing else to do
  bool fields(const std::function<void(JsonFields&)>& read) const;

  /// Reports that something else stands here.
  void expected(std::string_view what) const;

 private:
  friend class JsonFields;
  JsonInput(const JsonInput& around, const JsonValue& value, std::string pointer, std::size_t line)
      : value_(&value),
        file_(around.file_),
        faults_(around.faults_),
        pointer_(std::move(pointer)),
        line_(line) {}
  [[nodiscard]] bool is_name(std::string_view text) const;

  const JsonValue* value_;
  const std::string* file_;
  std::vector<Fault>* faults_;
  std::string pointer_;
  std::size_t line_;
};

/// An object with fixed keys. Every key that the format knows must be asked for, also where its
/// value is not wanted.
class JsonFields {
 public:
  explicit JsonFields(const JsonInput& object) : object_(object) {}

  /// The member of that key, if there is one.
  std::optional<JsonInput> find(std::string_view key);
  /// The same; its absence is a fault.
  std::optional<JsonInput> require(std::string_view key);
  /// Reports members that nobody asked for.
  void report_unknown() const;

  // Shorthands: the member's value, or what the struct has by default.
  void text(std::string_view key, std::string& into);
  void name(std::string_view key, std::string& into);
  void boolean(std::string_view key, bool& into);
  template <NamedEnum E>
  void word(std::string_view key, E& into) {
    if (const auto value = find(key)) into = value->word<E>().value_or(into);
  }
  template <NamedEnum E>
  void word(std::string_view key, std::optional<E>& into) {
    if (const auto value = find(key)) into = value->word<E>();
  }
  void require_text(std::string_view key, std::string& into);
  void require_name(std::string_view key, std::string& into);
  /// One name, or a list of at least one.
  void names(std::string_view key, std::vector<std::string>& into);

 private:
  const JsonInput& object_;
  std::vector<std::string_view> known_{"note"};
};

template <NamedEnum E>
std::optional<E> JsonInput::word() const {
  const auto chosen = word_of(names_of<E>());
  return chosen ? from_string<E>(*chosen) : std::nullopt;
}

/// A list, or one value that stands for a list of one.
std::vector<JsonInput> one_or_more(const JsonInput& input);

}  // namespace dsar::formats
