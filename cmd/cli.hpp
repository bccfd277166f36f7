#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/context.hpp"
#include "cmd/options.hpp"
#include "core/error.hpp"

/// The command line: what commands are registered with, and what parses it.
namespace dsar::cmd {

/// What a command's help says.
struct CommandText {
  std::string name;
  std::string summary;      ///< one line without a full stop, also in the list of commands
  std::string description;  ///< full sentences; may be empty
  /// Codes it may exit with besides those that every command may: done, unexpected, usage,
  /// interrupted.
  std::vector<ExitCode> exit_codes;
  std::string example;  ///< one command line
};

/// Adds a command; `select` is called once the whole command line has been parsed and names it.
App add_command(App parent, const CommandText& text, std::function<void()> select);

/// Adds a command that only has commands of its own (`map check`, `map show`).
App add_group(App parent, const CommandText& text);

/// A command and where its options are parsed to.
template <typename Options>
struct Command {
  App app;
  Options& options;
};

/// Adds a command that runs `run` with its options when the command line selects it.
template <typename Options>
Command<Options> add_command(App parent, Context& context, const CommandText& text,
                             ExitCode (*run)(const Options&, Context&)) {
  auto options = std::make_shared<Options>();
  const App app = add_command(parent, text, [options, run, &context] {
    context.selected = [options, run, &context] { return run(*options, context); };
  });
  return {app, *options};
}

/// The whole command line with all commands.
class CommandLine {
 public:
  explicit CommandLine(Context& context);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  /// Parses, puts the global options together and sets `context.selected`, which is to be called
  /// while this lives. Throws Error (usage).
  void parse(int argc, const char* const* argv);

 private:
  Context& context_;
  bool version_ = false;
  std::unique_ptr<CLI::App> app_;
};

}  // namespace dsar::cmd
