#pragma once

#include <string>

#include "cmd/choice.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"

namespace dsar::cmd {

struct RestrictPlaceOptions {
  SubjectOptions subject;
  std::string ground;
};

/// `restrict place`, `restrict list`, `restrict lift` (Art. 18).
void register_restrict(App app, Context& context);
ExitCode run_restrict_place(const RestrictPlaceOptions& options, Context& context);
ExitCode run_restrict_list(const ChoiceListOptions& options, Context& context);
ExitCode run_restrict_lift(const ChoiceLiftOptions& options, Context& context);

}  // namespace dsar::cmd
