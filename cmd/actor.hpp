#pragma once

#include <string>

namespace dsar::cmd {

/// Who runs this: the operating system's name of the user, or its number.
std::string actor_name();

}  // namespace dsar::cmd
