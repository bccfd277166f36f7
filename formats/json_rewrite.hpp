#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_path.hpp"

/// Rewriting of JSON text that leaves every byte as it is but for the values that rules lead to:
/// digits, blanks, duplicate keys and the way in which strings are escaped stay.
namespace dsar::formats {

/// A place in JSON and what happens there.
struct JsonRule {
  JsonPath path;
  bool drop = false;  ///< the member is left out; an element of an array becomes null
};

/// Decides about the values that rules lead to.
class JsonEditor {
 public:
  enum class Answer {
    pass,     ///< not this rule's business: the next one that leads here is asked
    keep,     ///< stays as it is
    replace,  ///< what has been appended to `out` takes its place
  };
  struct Leaf {
    std::string_view raw;  ///< as it stands in the text; a string with its quotes
    bool is_key = false;   ///< the key of a member below the place that the rule names

    [[nodiscard]] bool is_string() const { return raw.front() == '"'; }
    /// What is between the quotes of a string, escapes and all.
    [[nodiscard]] std::string_view content() const { return raw.substr(1, raw.size() - 2); }
  };

  JsonEditor() = default;
  JsonEditor(const JsonEditor&) = delete;
  JsonEditor& operator=(const JsonEditor&) = delete;
  virtual ~JsonEditor() = default;

  /// A scalar that `rule` leads to, or one (or a key) anywhere in an array or object that it leads
  /// to. `out` takes JSON text, of a key a string. Where several rules lead, they are asked by
  /// their index.
  virtual Answer edit(std::size_t rule, const Leaf& leaf, std::string& out) = 0;
  /// `rule` leaves out a value.
  virtual void dropped(std::size_t rule) = 0;
};

enum class JsonOutcome {
  unchanged,   ///< nothing was replaced; `out` is not to be used
  rewritten,   ///< `out` is the new text
  unreadable,  ///< no JSON, or nested more than 512 deep: withhold all of it
};

/// Applies rules to one JSON text after the other. Paths are read as SQL/JSON does by default
/// (lax): a member is also sought in the elements of an array, `[*]` and `[0]` are also a value
/// that is no array. So what is not quite of the expected shape is still found.
class JsonRewriter {
 public:
  explicit JsonRewriter(std::vector<JsonRule> rules);

  /// Replaces `out`. The editor has been asked about the beginning of a text that turns out
  /// unreadable.
  JsonOutcome rewrite(std::string_view json, JsonEditor& editor, std::string& out);

 private:
  friend class JsonPass;

  /// A rule of whose path `step` steps have led here.
  struct State {
    std::size_t rule;
    std::size_t step;
  };

  std::vector<JsonRule> rules_;
  std::vector<State> states_;          ///< a stack: those of each value on the way down
  std::vector<std::size_t> covering_;  ///< per rule: how many values around this one it leads to
  std::size_t covered_ = 0;            ///< the sum of them
  std::string key_;
  std::string edited_;
};

}  // namespace dsar::formats
