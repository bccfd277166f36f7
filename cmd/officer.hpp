#pragma once

#include <string>
#include <string_view>

#include "core/period.hpp"

/// What the commands that an officer answers for have in common.
namespace dsar::cmd {

/// Who acts: as given, else the operating system's user. Throws Error (usage) where that has no
/// name.
std::string author_or_user(const std::string& given);

/// The date that an option holds. Throws Error (usage) naming the option.
Date date_of_option(std::string_view option, const std::string& value);

/// A text that has to be given: without blanks around it. Throws Error (usage) naming the option
/// when nothing is left.
std::string text_of_option(std::string_view option, const std::string& value);

}  // namespace dsar::cmd
