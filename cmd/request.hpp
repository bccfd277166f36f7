#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct RequestOpenOptions {
  SubjectOptions subject;
  std::string kind;
  std::string received;
  std::vector<std::string> regimes;
  std::string holidays;
};

struct RequestListOptions {
  bool all = false;
  bool overdue = false;
};

struct RequestShowOptions {
  std::int64_t id = 0;
};

struct RequestCloseOptions {
  std::int64_t id = 0;
  std::string outcome;
  std::string reason;
};

/// `request open`, `request list`, `request show`, `request close`.
void register_request(App app, Context& context);
ExitCode run_request_open(const RequestOpenOptions& options, Context& context);
ExitCode run_request_list(const RequestListOptions& options, Context& context);
ExitCode run_request_show(const RequestShowOptions& options, Context& context);
ExitCode run_request_close(const RequestCloseOptions& options, Context& context);

}  // namespace dsar::cmd
