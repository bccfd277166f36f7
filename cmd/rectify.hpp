#pragma once

#include <string>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "cmd/subject.hpp"
#include "core/error.hpp"

namespace dsar::cmd {

struct RectifyOptions {
  SubjectOptions subject;
  std::vector<std::string> replace;  ///< each `CATEGORY:OLD=NEW`
  std::vector<std::string> set;      ///< each `CATEGORY=VALUE`
  std::string from_json;             ///< file of both, or `-`; empty: none
  std::vector<std::string> within;   ///< each `SET` or `SET.COLUMN`; empty: everywhere
  bool reveal = false;
  bool apply = false;
};

/// Puts a subject's data right (Art. 16), or says what would be changed.
void register_rectify(App app, Context& context);
ExitCode run_rectify(const RectifyOptions& options, Context& context);

}  // namespace dsar::cmd
