#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace dsar {

/// The documented exit codes, one table for every command (dsarctl(1), EXIT STATUS).
enum class ExitCode : int {
  done = 0,             ///< finished; rows held or withheld by rule are normal in a sweep
  unexpected = 1,       ///< a fault of the tool
  usage = 2,            ///< usage, configuration, map or policy invalid
  partial = 3,          ///< done in part: failed, left over, cannot see
  findings = 4,         ///< checks, verification, overdue
  database = 5,         ///< database unreachable or lost
  locked = 6,           ///< another run holds the lock
  refused = 7,          ///< refused for safety: ambiguous or unverified subject, plan changed, ...
  no_such_subject = 8,  ///< nobody has the identity asked for
  interrupted = 130,    ///< SIGINT or SIGTERM
};

/// An expected failure. `what()` is one clear line without a full stop, says what and where and
/// never holds a personal value; `hint` is a full sentence (empty: none). `main` turns it into an
/// exit code.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message, std::string hint = {})
      : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

 private:
  ExitCode code_;
  std::string hint_;
};

}  // namespace dsar
