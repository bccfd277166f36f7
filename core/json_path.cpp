#include "core/json_path.hpp"

#include <algorithm>
#include <charconv>

#include "core/error.hpp"
#include "core/json_string.hpp"

namespace dsar {
namespace {

class PathReader {
 public:
  explicit PathReader(std::string_view text) : text_(text) {}

  JsonPath read() {
    if (!take('$')) fault("has to begin with '$'");
    JsonPath path;
    while (at_ < text_.size()) path.push_back(step());
    return path;
  }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  JsonStep step() {
    if (take('.')) return after_dot();
    if (take('[')) return in_brackets();
    fault("has something other than a dot or a bracket after a step");
  }

  JsonStep after_dot() {
    if (take('*')) return {JsonStep::Kind::any_member, {}, 0};
    if (peek() == '"') return {JsonStep::Kind::member, quoted(), 0};
    if (peek() == '.') fault("has '..', which is not supported");
    const auto end = std::min(text_.find_first_of(".[", at_), text_.size());
    const auto name = text_.substr(at_, end - at_);
    if (name.empty()) fault("has a dot without a name");
    if (name.find_first_of(" \t\n\r\"'*?()@$]\\") != std::string_view::npos)
      fault("has a name that has to stand in quotes");
    at_ = end;
    return {JsonStep::Kind::member, std::string(name), 0};
  }

  JsonStep in_brackets() {
    JsonStep step;
    if (take('*')) {
      step.kind = JsonStep::Kind::any_element;
    } else if (peek() == '"' || peek() == '\'') {
      step.name = quoted();
    } else {
      step.kind = JsonStep::Kind::element;
      const auto* const begin = text_.data() + at_;
      const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), step.index);
      if (error != std::errc{})
        fault("has brackets without '*', a number or a quoted name in them");
      at_ += static_cast<std::size_t>(end - begin);
    }
    if (!take(']')) fault("lacks a closing bracket");
    return step;
  }

  /// A name in either kind of quotes, with JSON's escapes, and the quote's own.
  std::string quoted() {
    const char quote = text_[at_++];
    std::string content;
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        if (text_[at_] != '\'') content += '\\';
      } else if (text_[at_] == '"') {
        content += '\\';
      }
      content += text_[at_];
    }
    if (!take(quote)) fault("lacks a closing quote");
    std::string name;
    if (!decode_json_string(content, name)) fault("has a name with an escape that JSON lacks");
    return name;
  }

  [[noreturn]] void fault(const char* what) const {
    throw Error(ExitCode::usage, "json path '" + std::string(text_) + "' " + what,
                "Paths look like $.a.b, $.items[*].name, $.* or $['odd name'].");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

JsonPath parse_json_path(std::string_view text) {
  return PathReader(text).read();
}

}  // namespace dsar
