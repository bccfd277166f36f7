#pragma once

#include <string>

#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

struct PolicyDiffOptions {
  std::string from;  ///< a policy's name, or a policy file
  std::string to;
};

/// `policy diff A B`: what would be due if those who live under A lived under B.
ExitCode run_policy_diff(const PolicyDiffOptions& options, Context& context);

}  // namespace dsar::cmd
