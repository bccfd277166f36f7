#pragma once

#include <cstdint>
#include <exception>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cmd/erase.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct Context;

struct EraseResumeOptions {
  std::string id;      ///< of the erasure, or how it begins; empty with `all`
  bool all = false;    ///< every erasure that has withheld something
  EraseOptions erase;  ///< of these apply, signing_key, certificate, lock_timeout, wait
};

/// What became of one erasure that was taken up with all others.
struct ResumedErasure {
  std::string erasure;
  std::string follow_up;  ///< the one that took it up; empty: nothing could go yet
  std::uint64_t deleted = 0;
  std::uint64_t masked = 0;
  std::uint64_t withheld = 0;  ///< still
  std::string failure;         ///< empty: none
  bool left_over = false;
};

/// What became of all that were taken up.
struct ResumedErasures {
  std::vector<ResumedErasure> all;
  std::exception_ptr broken_off = {};  ///< why the others were not taken up; none: all were

  /// Whether something failed or is left to do; what is withheld still is neither.
  [[nodiscard]] bool is_partial() const;
  /// Throws what has broken it off.
  void rethrow() const;
};

/// Takes up every erasure that has withheld something, one after the other, each in transactions of
/// its own; a failure of one leaves the others. Of `options` the same count as for one. Throws
/// nothing: what has been done must be told, whatever then breaks it off.
ResumedErasures resume_all(const EraseOptions& options, Context& context);

std::string resumed_text(const ResumedErasures& resumed, bool applied);
nlohmann::ordered_json resumed_json(const ResumedErasures& resumed);

/// `erase resume`: takes up what an erasure has withheld.
void register_erase_resume(App erase, Context& context);
ExitCode run_erase_resume(const EraseResumeOptions& options, Context& context);

}  // namespace dsar::cmd
