#pragma once

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct VersionOptions {};

void register_version(App app, Context& context);
ExitCode run_version(const VersionOptions& options, Context& context);

}  // namespace dsar::cmd
