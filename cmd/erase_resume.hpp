#pragma once

#include <string>

#include "cmd/erase.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct Context;

struct EraseResumeOptions {
  std::string id;      ///< of the erasure, or how it begins
  EraseOptions erase;  ///< of these apply, signing_key, certificate, lock_timeout, wait
};

/// `erase resume`: takes up what an erasure has withheld.
void register_erase_resume(CLI::App& erase, Context& context);
ExitCode run_erase_resume(const EraseResumeOptions& options, Context& context);

}  // namespace dsar::cmd
