#pragma once

#include <string>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"
#include "core/policy_catalogue.hpp"

namespace dsar::cmd {

/// The policies that the command works with: the built-in ones and those of --policy. Throws
/// Error (usage) where that cannot be read.
PolicyCatalogue read_policies(const Context& context);

/// `policy`, the group, with its commands.
void register_policy(App app, Context& context);

struct PolicyListOptions {};

/// All policies, a line each; needs no database.
ExitCode run_policy_list(const PolicyListOptions& options, Context& context);

struct PolicyShowOptions {
  std::string name;
  bool schedule = false;
};

/// One policy, rule by rule; as JSON it is a policy file. Needs a database for the schedule alone.
ExitCode run_policy_show(const PolicyShowOptions& options, Context& context);

}  // namespace dsar::cmd
