#pragma once

#include <cstdint>
#include <string>

#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace CLI {
class App;
}

namespace dsar::cmd {

struct Context;

struct EraseOptions {
  SubjectOptions subject;
  std::int64_t request = 0;  ///< the request in the register that is carried out; 0: none is named
  std::string backups_rotate_after;  ///< a period; empty: not stated
};

/// Art. 17: deletes what is held about a subject, or says what would be.
void register_erase(CLI::App& app, Context& context);
ExitCode run_erase(const EraseOptions& options, Context& context);

}  // namespace dsar::cmd
