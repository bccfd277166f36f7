#pragma once

#include <string>
#include <string_view>

#include "core/period.hpp"

/// What the commands that an officer answers for have in common.
namespace dsar::cmd {

/// The date that an option holds. Throws Error (usage) naming the option.
Date date_of_option(std::string_view option, const std::string& value);

/// A text that has to be given: without blanks around it. Throws Error (usage) naming the option
/// when nothing is left.
std::string text_of_option(std::string_view option, const std::string& value);

}  // namespace dsar::cmd
