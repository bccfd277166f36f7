#pragma once

#include <string>

#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

/// `policy show NAME --schedule`: what the policy comes to in the live database.
ExitCode run_policy_schedule(const std::string& name, Context& context);

}  // namespace dsar::cmd
