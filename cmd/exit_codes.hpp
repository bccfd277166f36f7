#pragma once

#include <array>
#include <string_view>

#include "core/error.hpp"

namespace dsar::cmd {

/// An exit code as help texts and JSON errors name it; dsarctl(1) has the same table.
struct ExitCodeText {
  ExitCode code;
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array exit_code_texts{
    ExitCodeText{ExitCode::done, "done", "done"},
    ExitCodeText{ExitCode::unexpected, "unexpected", "unexpected fault"},
    ExitCodeText{ExitCode::usage, "usage", "usage, settings, map or policy invalid"},
    ExitCodeText{ExitCode::partial, "partial", "done in part"},
    ExitCodeText{ExitCode::findings, "findings", "findings"},
    ExitCodeText{ExitCode::database, "database", "database unreachable or lost"},
    ExitCodeText{ExitCode::locked, "locked", "another run holds the lock"},
    ExitCodeText{ExitCode::refused, "refused", "refused for safety"},
    ExitCodeText{ExitCode::no_such_subject, "no-such-subject", "no such subject"},
    ExitCodeText{ExitCode::interrupted, "interrupted", "interrupted"},
};

/// The code's entry in the table.
constexpr const ExitCodeText& exit_code_text(ExitCode code) {
  for (const ExitCodeText& text : exit_code_texts) {
    if (text.code == code) return text;
  }
  return exit_code_texts[1];
}

}  // namespace dsar::cmd
