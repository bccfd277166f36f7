#pragma once

#include <vector>

#include "core/sql_lexer.hpp"

namespace dsar {

/// What a token does in its expression, as far as the tokens around it tell.
enum class SqlRole {
  other,     ///< constants, operators, brackets
  column,    ///< a column's name, or the alias before it
  part,      ///< a name behind a dot, of what the name before it is
  function,  ///< the last name of a function that is called
  type,
  keyword,
};

/// The role of each token. Tokens that form no valid expression get some role; the server refuses
/// them later.
std::vector<SqlRole> sql_roles(const std::vector<SqlToken>& tokens);

}  // namespace dsar
