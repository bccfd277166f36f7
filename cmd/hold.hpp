#pragma once

#include <cstdint>
#include <string>

#include "cmd/context.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct HoldPlaceOptions {
  SubjectOptions subject;
  bool whole_tenant = false;
  std::string set;
  std::string where;
  std::string ground;
  std::string review;
};

struct HoldListOptions {
  bool all = false;
  bool check = false;
};

struct HoldReleaseOptions {
  std::int64_t id = 0;
  std::string reason;
};

/// `hold place`, `hold list`, `hold release`.
void register_hold(CLI::App& app, Context& context);
ExitCode run_hold_place(const HoldPlaceOptions& options, Context& context);
ExitCode run_hold_list(const HoldListOptions& options, Context& context);
ExitCode run_hold_release(const HoldReleaseOptions& options, Context& context);

}  // namespace dsar::cmd
