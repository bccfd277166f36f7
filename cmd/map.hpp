#pragma once

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

/// `map`, the group, with its commands.
void register_map(App app, Context& context);

struct MapCheckOptions {};

/// The map against the live catalogue. Exits with `findings` unless all is well or waived.
ExitCode run_map_check(const MapCheckOptions& options, Context& context);

struct MapShowOptions {
  bool dot = false;
};

/// The map as a graph; needs no database.
ExitCode run_map_show(const MapShowOptions& options, Context& context);

}  // namespace dsar::cmd
