#pragma once

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct InitOptions {
  bool grants = false;  ///< print the roles' SQL instead
};

/// The tool's own schema, and the roles to work with.
void register_init(App app, Context& context);
ExitCode run_init(const InitOptions& options, Context& context);

}  // namespace dsar::cmd
