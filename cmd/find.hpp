#pragma once

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct FindOptions {
  SubjectOptions subject;
  bool scan = false;  ///< look for the identities in every text as well
};

/// Who is this, and what is held about them.
void register_find(App app, Context& context);
ExitCode run_find(const FindOptions& options, Context& context);

}  // namespace dsar::cmd
