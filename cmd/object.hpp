#pragma once

#include <string>

#include "cmd/choice.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"

namespace dsar::cmd {

struct ObjectPlaceOptions {
  SubjectOptions subject;
  std::string to;
  std::string ground;
};

/// `object place`, `object list`, `object lift`: objections (Art. 21) and opt-outs.
void register_object(App app, Context& context);
ExitCode run_object_place(const ObjectPlaceOptions& options, Context& context);
ExitCode run_object_list(const ChoiceListOptions& options, Context& context);
ExitCode run_object_lift(const ChoiceLiftOptions& options, Context& context);

}  // namespace dsar::cmd
