#pragma once

#include <string>

#include "cmd/globals.hpp"

/// Messages on standard error: what happens, never the result and never a personal value.
namespace dsar::cmd {

/// Sets format and level: --quiet leaves errors only, --verbose adds log_debug's lines.
void start_logging(const Globals& globals);

void log_debug(const std::string& message);
void log_info(const std::string& message);
void log_warning(const std::string& message);

}  // namespace dsar::cmd
