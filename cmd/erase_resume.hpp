#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cmd/erase.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

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

/// Takes up every erasure that has withheld something, one after the other, each in transactions of
/// its own; a failure of one leaves the others. Of `options` the same count as for one.
std::vector<ResumedErasure> resume_all(const EraseOptions& options, Context& context);

/// Whether something failed or is left to do; what is withheld still is neither.
bool is_partial(const std::vector<ResumedErasure>& resumed);

std::string resumed_text(const std::vector<ResumedErasure>& resumed, bool applied);
nlohmann::ordered_json resumed_json(const std::vector<ResumedErasure>& resumed);

/// `erase resume`: takes up what an erasure has withheld.
void register_erase_resume(CLI::App& erase, Context& context);
ExitCode run_erase_resume(const EraseResumeOptions& options, Context& context);

}  // namespace dsar::cmd
