#include "cmd/logging.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cmd/journal_sink.hpp"
#include "cmd/log_lines.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

namespace {

using Sinks = std::vector<spdlog::sink_ptr>;

spdlog::level::level_enum level_of(const Globals& globals) {
  if (globals.quiet) return spdlog::level::err;
  return globals.verbose ? spdlog::level::debug : spdlog::level::info;
}

Sinks standard_error(LogFormat format) {
  Sinks sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  sinks.front()->set_formatter(log_lines(LogTarget::standard_error, format));
  return sinks;
}

/// Made once, before any thread of ours logs.
spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    const auto sinks = standard_error(LogFormat::text);
    spdlog::logger made("dsarctl", sinks.begin(), sinks.end());
    // A line that is still in a buffer when the process is killed would be the one that matters.
    made.flush_on(spdlog::level::debug);
    return made;
  }();
  return instance;
}

spdlog::sink_ptr file_sink(const std::string& path) {
  // Tried first: spdlog would make the folders of a path that is misspelt.
  errno = 0;
  if (!std::ofstream(path, std::ios::app)) {
    throw Error(ExitCode::usage,
                "cannot write the log file " + path + ": " + std::generic_category().message(errno),
                "Its folder must exist, and this user may have to be given the right to write it.");
  }
  return std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
}

}  // namespace

void start_logging(const Globals& globals) {
  const auto format = globals.json_messages() ? LogFormat::json : LogFormat::text;
  Sinks sinks;
  if (!globals.log_file.empty()) {
    sinks.push_back(file_sink(globals.log_file));
    sinks.back()->set_formatter(log_lines(LogTarget::file, format));
  }
  if (globals.log_to == LogTarget::syslog) {
    constexpr bool own_format = true;
    sinks.push_back(
        std::make_shared<spdlog::sinks::syslog_sink_mt>("dsarctl", LOG_PID, LOG_USER, own_format));
    sinks.back()->set_formatter(log_lines(LogTarget::syslog, format));
  }
  if (globals.log_to == LogTarget::journald) {
    sinks.push_back(std::make_shared<JournalSink>("dsarctl"));
    sinks.back()->set_formatter(log_lines(LogTarget::journald, format));
  }
  const bool elsewhere =
      globals.log_to ? globals.log_to != LogTarget::standard_error : !globals.log_file.empty();
  if (!elsewhere) {
    const auto own = standard_error(format);
    sinks.insert(sinks.end(), own.begin(), own.end());
  }
  logger().sinks() = std::move(sinks);
  logger().set_level(level_of(globals));
}

void log_debug(const std::string& message) {
  logger().log(spdlog::level::debug, message);
}
void log_info(const std::string& message) {
  logger().log(spdlog::level::info, message);
}
void log_warning(const std::string& message) {
  logger().log(spdlog::level::warn, message);
}

void log_failure(const std::string& message) {
  const spdlog::details::log_msg failure("dsarctl", spdlog::level::err, message);
  for (const auto& sink : logger().sinks()) {
    if (std::dynamic_pointer_cast<spdlog::sinks::stderr_sink_mt>(sink)) continue;
    sink->log(failure);
    sink->flush();
  }
}

}  // namespace dsar::cmd
