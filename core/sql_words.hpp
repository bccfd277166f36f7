#pragma once

#include <string>
#include <string_view>

/// What words mean in a SQL expression.
namespace dsar {

/// A word that PostgreSQL never reads as a column's name unless it is quoted.
bool is_reserved_word(std::string_view word);

/// Why a bare word has no place in a fragment (`select` begins a subquery), or an empty string.
std::string_view refused_word(std::string_view word);

/// Why a function must not be called in a fragment, or an empty string. `name` is folded and
/// without its schema.
std::string_view refused_function(std::string_view name);

/// A type name that can stand before a string constant or consist of several words.
bool is_type_word(std::string_view word);

/// Types of dates and times, to which 'now' and 'today' can be cast.
bool is_time_type(std::string_view word);

}  // namespace dsar
