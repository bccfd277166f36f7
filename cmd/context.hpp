#pragma once

#include <functional>
#include <iosfwd>
#include <stop_token>

#include "cmd/globals.hpp"
#include "core/error.hpp"
#include "core/zone.hpp"

namespace dsar::cmd {

/// What every command is given besides its own options. Tests make one with string streams.
struct Context {
  std::istream& in;
  std::ostream& out;  ///< the result, and nothing else
  std::ostream& err;  ///< messages
  Globals globals;
  Instant now;           ///< what counts as now: --now, or the clock when the program started
  std::stop_token stop;  ///< SIGINT or SIGTERM: see cmd/interrupt.hpp
  /// The command that the command line selected, with its options; set while it is parsed.
  std::function<ExitCode()> selected;
};

}  // namespace dsar::cmd
