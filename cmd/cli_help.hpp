#pragma once

#include <string>

namespace CLI {
class App;
}

namespace dsar::cmd {

/// The help of the root or of a command, wrapped at 80 columns; `name` is how it was called
/// (`dsarctl find`).
std::string help_text(const CLI::App& app, const std::string& name);

}  // namespace dsar::cmd
