#pragma once

#include <optional>
#include <string>
#include <string_view>

/// A guess from a name or from content that a column holds personal data. Used to question what a
/// map declares, never to decide.
namespace dsar {

/// What the name of a column suggests that it holds (`an email address`), or nothing. Words are
/// told apart in snake_case, kebab-case and camelCase.
std::optional<std::string> personal_looking_name(std::string_view column);

/// What the value looks like (`an email address`, `a telephone number`, `an IP address`), or
/// nothing.
std::optional<std::string> personal_looking_value(std::string_view value);

}  // namespace dsar
