#pragma once

#include "cmd/options.hpp"

namespace dsar::cmd {

struct Context;

/// Adds every command to the root.
void register_commands(App app, Context& context);

}  // namespace dsar::cmd
