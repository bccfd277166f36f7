#pragma once

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct CompletionOptions {
  const CLI::App* root = nullptr;
};

/// `completion bash`
void register_completion(App app, Context& context);
/// Writes a bash script that completes commands and options, made from what is registered.
ExitCode run_completion(const CompletionOptions& options, Context& context);

}  // namespace dsar::cmd
