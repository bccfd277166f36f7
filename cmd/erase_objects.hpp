#pragma once

#include <string>

#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

struct EraseObjectsOptions {
  std::string id;  ///< of an erasure, or how it begins; empty: of all
  bool all = false;
};

struct EraseConfirmObjectsOptions {
  std::string file;
  std::string signing_key;  ///< PEM file that signs the statements; empty: none is made
};

/// `erase objects` and `erase confirm-objects`: what has to be removed outside the database,
/// and what has become of it.
void register_erase_objects(App erase, Context& context);
ExitCode run_erase_objects(const EraseObjectsOptions& options, Context& context);
ExitCode run_erase_confirm_objects(const EraseConfirmObjectsOptions& options, Context& context);

}  // namespace dsar::cmd
