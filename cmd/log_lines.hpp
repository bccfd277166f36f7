#pragma once

#include <spdlog/formatter.h>

#include <memory>

#include "cmd/globals.hpp"

namespace dsar::cmd {

/// How a message is written to `target`: `dsarctl: warning: …` for a reader at a terminal, the time
/// and the level in front for a file, the text alone for the system's log, which has both; or JSON.
std::unique_ptr<spdlog::formatter> log_lines(LogTarget target, LogFormat format);

}  // namespace dsar::cmd
