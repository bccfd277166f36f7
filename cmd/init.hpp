#pragma once

#include "cmd/context.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct InitOptions {
  bool grants = false;  ///< print the roles' SQL instead
};

/// The tool's own schema, and the roles to work with.
void register_init(CLI::App& app, Context& context);
ExitCode run_init(const InitOptions& options, Context& context);

}  // namespace dsar::cmd
