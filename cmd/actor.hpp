#pragma once

#include <string>

namespace dsar::cmd {

struct Context;

/// Who acts, for the record: --actor, else the operating system's name of the user or its number.
std::string actor_name(const Context& context);

}  // namespace dsar::cmd
