#pragma once

#include <string>

#include "cmd/choice.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"

namespace dsar::cmd {

struct ConsentOptions {
  SubjectOptions subject;
  std::string purpose;
  std::string ground;
};

/// `consent withdraw`, `give`, `child`, `parental`, `list`, `lift` (Art. 7(3), 8).
void register_consent(App app, Context& context);
ExitCode run_consent_withdraw(const ConsentOptions& options, Context& context);
ExitCode run_consent_give(const ConsentOptions& options, Context& context);
ExitCode run_consent_child(const ConsentOptions& options, Context& context);
ExitCode run_consent_parental(const ConsentOptions& options, Context& context);
ExitCode run_consent_list(const ChoiceListOptions& options, Context& context);
ExitCode run_consent_lift(const ChoiceLiftOptions& options, Context& context);

}  // namespace dsar::cmd
