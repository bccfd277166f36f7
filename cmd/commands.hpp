#pragma once

namespace CLI {
class App;
}

namespace dsar::cmd {

struct Context;

/// Adds every command to the root.
void register_commands(CLI::App& app, Context& context);

}  // namespace dsar::cmd
