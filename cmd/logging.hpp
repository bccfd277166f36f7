#pragma once

#include <string>

#include "cmd/globals.hpp"

/// Messages: what happens, never the result and never a personal value. They go to standard error,
/// unless a log file or the system's log is named.
namespace dsar::cmd {

/// Sets where messages go, their format and level: --quiet leaves errors only, --verbose adds
/// log_debug's lines. Throws Error (usage) when the log file cannot be written.
void start_logging(const Globals& globals);

void log_debug(const std::string& message);
void log_info(const std::string& message);
void log_warning(const std::string& message);

/// What ended the program, for a log other than standard error: there, report_error says it.
void log_failure(const std::string& message);

}  // namespace dsar::cmd
