#pragma once

#include "core/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace dsar::cmd {

/// What CLI11 could not parse, in our words: one line, a suggestion where a name was misspelt, and
/// never a value, which may be personal. `app` is the root, after the failed parse.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

/// Nothing that could run was named; `command` is the root or a group.
Error no_command_error(const CLI::App& command);

}  // namespace dsar::cmd
