#pragma once

#include <string>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct ExportOptions {
  SubjectOptions subject;
  std::string output;
  bool force = false;
  bool california = false;
  std::string signing_key;  ///< PEM file; empty: the package is not signed
};

/// Art. 15, 20: everything held about a subject, as a package.
void register_export(App app, Context& context);
ExitCode run_export(const ExportOptions& options, Context& context);

}  // namespace dsar::cmd
