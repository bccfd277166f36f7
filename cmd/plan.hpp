#pragma once

#include <cstdint>
#include <string>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct PlanShowOptions {
  std::string file;
};

struct PlanApproveOptions {
  std::string file;
  std::string signing_key;    ///< PEM file of the approver's key
  std::int64_t expires = 24;  ///< hours
};

/// `plan show` and `plan approve`: two pairs of eyes on an erasure, or on a sweep that removes
/// whole tenants.
void register_plan(App app, Context& context);
ExitCode run_plan_show(const PlanShowOptions& options, Context& context);
ExitCode run_plan_approve(const PlanApproveOptions& options, Context& context);

}  // namespace dsar::cmd
