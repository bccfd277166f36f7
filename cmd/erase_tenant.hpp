#pragma once

#include "cmd/erase.hpp"

namespace dsar::cmd {

/// `erase --whole-tenant`: all that the tenant of --tenant has, in batches under one erasure's
/// number.
ExitCode run_erase_tenant(const EraseOptions& options, Context& context);

}  // namespace dsar::cmd
