// A rewriter reads what a JSON parser reads, leaves alone what no rule leads to, and writes JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json_rewrite.hpp"

namespace {

using dsar::parse_json_path;
using dsar::formats::JsonEditor;
using dsar::formats::JsonOutcome;
using dsar::formats::JsonRewriter;

class Replacer final : public JsonEditor {
 public:
  Answer edit(std::size_t rule, const Leaf& leaf, std::string& out) override {
    if (rule == 0) return Answer::pass;
    if (leaf.raw.empty()) std::abort();
    if (leaf.is_key && !leaf.is_string()) std::abort();
    out += "\"replaced\"";
    return Answer::replace;
  }
  void dropped(std::size_t) override {}
};

/// Leaves everything as it is.
class Keeper final : public JsonEditor {
 public:
  Answer edit(std::size_t, const Leaf&, std::string&) override { return Answer::keep; }
  void dropped(std::size_t) override { std::abort(); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static JsonRewriter keeping({{{}, false}, {parse_json_path("$.a"), false}});
  static JsonRewriter replacing({{{}, false},
                                 {parse_json_path("$.a.b"), false},
                                 {parse_json_path("$.*[*].c"), false},
                                 {parse_json_path("$[*][*]"), false},
                                 {parse_json_path("$[0].d[1]"), false},
                                 {parse_json_path("$.t"), true},
                                 {parse_json_path("$.*.t"), true},
                                 {parse_json_path("$['a b'][*]"), true}});
  const std::string json(reinterpret_cast<const char*>(data), size);
  std::string out;
  Keeper keeper;
  const auto outcome = keeping.rewrite(json, keeper, out);
  if (outcome == JsonOutcome::rewritten) std::abort();
  Replacer replacer;
  const auto replaced = replacing.rewrite(json, replacer, out);
  if ((outcome == JsonOutcome::unreadable) != (replaced == JsonOutcome::unreadable)) std::abort();
  // The other reader knows more of UTF-8, takes a byte order mark, and NUL for the end.
  const bool valid = nlohmann::json::accept(json) && !json.starts_with("\xef\xbb\xbf") &&
                     json.find('\0') == std::string::npos;
  if (valid && outcome == JsonOutcome::unreadable) {
    std::size_t depth = 0;
    for (const char c : json) depth += c == '[' || c == '{' ? 1 : 0;
    if (depth <= 512) std::abort();
  }
  if (valid && replaced == JsonOutcome::rewritten && !nlohmann::json::accept(out)) std::abort();
  return 0;
}
