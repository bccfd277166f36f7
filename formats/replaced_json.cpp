#include "formats/replaced_json.hpp"

#include <algorithm>

#include "core/json_string.hpp"
#include "formats/json_rewrite.hpp"
#include "formats/json_row.hpp"

namespace dsar::formats {
namespace {

/// A whole number that JSON writes as it is.
bool is_number(std::string_view text) {
  return !text.empty() && (text == "0" || text.front() != '0') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class Replacement final : public JsonEditor {
 public:
  Replacement(const std::set<std::string>& spellings, const std::string& value)
      : spellings_(spellings), value_(value) {}

  Answer edit(std::size_t /*rule*/, const Leaf& leaf, std::string& out) override {
    if (leaf.is_key) return Answer::keep;
    if (leaf.is_string() && !decode_json_string(leaf.content(), text_)) return Answer::keep;
    if (!leaf.is_string()) text_ = leaf.raw;
    if (spellings_.count(text_) == 0) return Answer::keep;
    if (!leaf.is_string() && is_number(value_))
      out += value_;
    else
      append_json_string(out, value_);
    return Answer::replace;
  }
  void dropped(std::size_t /*rule*/) override {}

 private:
  const std::set<std::string>& spellings_;
  const std::string& value_;
  std::string text_;
};

}  // namespace

std::optional<std::string> replaced_json(std::string_view json, const std::vector<JsonPath>& inside,
                                         const std::set<std::string>& spellings,
                                         const std::string& value) {
  std::vector<JsonRule> rules;
  for (const auto& path : inside) rules.push_back({path, false});
  if (rules.empty()) rules.push_back({{}, false});
  Replacement replacement(spellings, value);
  std::string out;
  const auto outcome = JsonRewriter(std::move(rules)).rewrite(json, replacement, out);
  return outcome == JsonOutcome::rewritten ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace dsar::formats
