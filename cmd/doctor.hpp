#pragma once

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct DoctorOptions {};

/// Whether everything is as the tool needs it.
void register_doctor(App app, Context& context);
ExitCode run_doctor(const DoctorOptions& options, Context& context);

}  // namespace dsar::cmd
