#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/sql_fragment.hpp"
#include "core/sql_lexer.hpp"

namespace {

/// The tokens as written.
std::vector<std::string> cut(const std::string& text) {
  std::vector<std::string> tokens;
  for (const dsar::SqlToken& token : dsar::lex_sql(text)) tokens.emplace_back(token.text);
  return tokens;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

/// A fragment that is accepted stays what it is between brackets, and binding its aliases changes
/// names alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto tokens = dsar::lex_sql(text);
  std::size_t end = 0;
  for (const dsar::SqlToken& token : tokens) {
    require(token.offset >= end && !token.text.empty());
    require(token.offset + token.text.size() <= text.size());
    end = token.end();
  }
  static_cast<void>(dsar::referenced_names(text));
  const dsar::SqlFragment fragment{text, {}};
  if (!dsar::check_fragment(fragment).empty()) return 0;

  std::vector<std::string> bracketed = cut(text);
  bracketed.insert(bracketed.begin(), "(");
  bracketed.insert(bracketed.end(), {")", "and", "true"});
  require(cut("(" + text + ") and true") == bracketed);

  require(dsar::bind_aliases(text, {}) == text);
  const std::string bound = dsar::bind_aliases(text, {{"this", "t0"}, {"that", "t1"}});
  require(cut(bound).size() == tokens.size());
  for (const auto& use : dsar::referenced_names(bound)) {
    require(use.alias != "this" && use.alias != "that");
  }
  return 0;
}
