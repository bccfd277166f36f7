#pragma once

#include <cstdint>
#include <string>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

/// What moves the day on which a request is due.
namespace dsar::cmd {

struct RequestExtendOptions {
  std::int64_t id = 0;
  std::string until;
  std::string reason;
  std::string holidays;
};

struct RequestPauseOptions {
  std::int64_t id = 0;
  std::string cause;
  std::string on;
  std::string reason;
  std::string holidays;
};

struct RequestResumeOptions {
  std::int64_t id = 0;
  std::string on;
  std::string reason;
  std::string holidays;
};

/// `request extend`, `request pause`, `request resume`.
void register_request_clock(App request, Context& context);
ExitCode run_request_extend(const RequestExtendOptions& options, Context& context);
ExitCode run_request_pause(const RequestPauseOptions& options, Context& context);
ExitCode run_request_resume(const RequestResumeOptions& options, Context& context);

}  // namespace dsar::cmd
