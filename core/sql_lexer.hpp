#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dsar {

/// One token of a SQL expression, cut as PostgreSQL's scanner cuts it.
struct SqlToken {
  enum class Kind {
    word,         ///< identifier or keyword
    quoted_name,  ///< "…"
    string,       ///< '…', E'…', B'…', X'…', N'…', $tag$…$tag$
    number,
    op,     ///< operator: `=`, `->>`, `||`
    mark,   ///< one of ( ) [ ] , . : ::
    wrong,  ///< something that a fragment may not hold; `problem` says what
  };

  Kind kind = Kind::wrong;
  std::size_t offset = 0;  ///< of its first byte
  std::string_view text;   ///< as written
  std::string name;        ///< of a name: folded to lower case, or unquoted; of a string: its
                           ///< content where it is plain
  std::string problem;

  [[nodiscard]] bool is(std::string_view mark) const { return kind == Kind::mark && text == mark; }
  [[nodiscard]] bool is_name() const { return kind == Kind::word || kind == Kind::quoted_name; }
  /// Ends where the next token begins, nothing between.
  [[nodiscard]] std::size_t end() const { return offset + text.size(); }
};

/// Cuts a fragment into tokens. Comments, parameters, `;`, backslashes and all that does not end
/// become tokens of kind `wrong`. The views point into `text`. Assumes
/// standard_conforming_strings = on, PostgreSQL's default.
std::vector<SqlToken> lex_sql(std::string_view text);

}  // namespace dsar
