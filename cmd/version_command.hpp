#pragma once

#include "cmd/context.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct VersionOptions {};

void register_version(CLI::App& app, Context& context);
ExitCode run_version(const VersionOptions& options, Context& context);

}  // namespace dsar::cmd
