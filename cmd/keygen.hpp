#pragma once

#include <string>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct KeygenOptions {
  std::string signing;  ///< where the Ed25519 key goes, its public half beside it; empty: none
  std::string hmac;     ///< where the key of keyed hashes goes; empty: none
};

/// Makes the keys that sign and that hash.
void register_keygen(App app, Context& context);
ExitCode run_keygen(const KeygenOptions& options, Context& context);

}  // namespace dsar::cmd
