#pragma once

#include <optional>

#include "cmd/context.hpp"
#include "core/erasure.hpp"
#include "core/error.hpp"
#include "core/pg/residue.hpp"

namespace dsar::cmd {

/// Shows what an erasure came to, or its plan comes to, with what was found elsewhere where that
/// was looked for. Gives the command's exit code: partial where something is withheld, cannot be
/// seen, or is left to do.
ExitCode tell_erasure(Context& context, const ErasureResult& result,
                      const std::optional<pg::ResidueScan>& scan = {});

}  // namespace dsar::cmd
