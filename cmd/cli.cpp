#include "cmd/cli.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>

#include "cmd/cli_errors.hpp"
#include "cmd/cli_help.hpp"
#include "cmd/commands.hpp"
#include "cmd/exit_codes.hpp"
#include "cmd/output.hpp"
#include "cmd/version_command.hpp"

namespace dsar::cmd {

namespace {

std::string exit_code_sentence(std::vector<ExitCode> codes) {
  for (const ExitCode code :
       {ExitCode::done, ExitCode::unexpected, ExitCode::usage, ExitCode::interrupted}) {
    codes.push_back(code);
  }
  std::sort(codes.begin(), codes.end());
  std::string sentence = "Exit codes:";
  for (const ExitCode code : codes) {
    sentence += (code == codes.front() ? " " : "; ") + std::to_string(static_cast<int>(code)) +
                ' ' + std::string(exit_code_text(code).meaning);
  }
  return sentence + ". See dsarctl(1).";
}

/// CLI11 takes the next argument for the value of `--tenant=`, which is what a shell makes of
/// `--tenant="$UNSET"`.
void refuse_empty_values(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view argument = argv[i];
    if (argument.rfind("--", 0) == 0 && argument.find('=') == argument.size() - 1) {
      throw Error(ExitCode::usage,
                  std::string(argument.substr(0, argument.size() - 1)) + " is empty");
    }
  }
}

CLI::App& add(CLI::App& parent, const CommandText& text) {
  const std::string gap = text.description.empty() ? "" : "\n\n";
  CLI::App& command = *parent.add_subcommand(text.name, text.summary + gap + text.description);
  // Global options may stand behind the command.
  command.fallthrough();
  return command;
}

/// The innermost command that was named.
const CLI::App& named_command(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : named_command(*named.back());
}

}  // namespace

App add_command(App parent, const CommandText& text, std::function<void()> select) {
  CLI::App& command = add(parent.native(), text);
  command.footer(exit_code_sentence(text.exit_codes) + "\n\nExample:\n  " + text.example);
  command.final_callback(std::move(select));
  return App(command);
}

App add_group(App parent, const CommandText& text) {
  CLI::App& command = add(parent.native(), text);
  command.require_subcommand(0, 1);
  command.footer("'dsarctl " + text.name + " COMMAND --help' explains a command. See dsarctl(1).");
  return App(command);
}

CommandLine::CommandLine(Context& context)
    : context_(context),
      app_(std::make_unique<CLI::App>(
          "administers data subject requests and retention on your own PostgreSQL database",
          "dsarctl")) {
  app_->formatter_fn([](const CLI::App* app, const std::string& name, CLI::AppFormatMode) {
    return help_text(*app, name);
  });
  app_->set_help_flag("-h,--help", "print this help");
  app_->add_flag("--version", version_, "print the version");
  // None and unknown ones are told apart after parsing, with better words than CLI11's.
  app_->require_subcommand(0, 1);
  app_->footer("'dsarctl COMMAND --help' explains a command, dsarctl(1) all of it.");
  register_globals(*app_, context_);
  register_commands(App(*app_), context_);
}

CommandLine::~CommandLine() = default;

void CommandLine::parse(int argc, const char* const* argv) {
  // An error found while parsing must already be written as it was asked for.
  context_.globals.json = std::any_of(
      argv, argv + argc, [](std::string_view argument) { return argument == "--json"; });
  refuse_empty_values(argc, argv);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    context_.selected = [this] {
      emit_text(context_, app_->help());
      return ExitCode::done;
    };
    return;
  } catch (const CLI::ParseError& error) {
    throw usage_error(*app_, error);
  }
  if (version_) context_.selected = [this] { return run_version({}, context_); };
  if (!context_.selected) {
    const CLI::App& command = named_command(*app_);
    if (!context_.globals.json) context_.err << app_->help() << '\n';
    throw no_command_error(command);
  }
  resolve_globals(*app_, context_);
}

}  // namespace dsar::cmd
