#include "cmd/cli_errors.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/suggest.hpp"

namespace dsar::cmd {

namespace {

/// `dsarctl map check`
std::string full_name(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : full_name(*app.get_parent()) + ' ' + app.get_name();
}

std::string help_hint(const CLI::App& app) {
  return "See '" + full_name(app) + " --help'.";
}

std::string hint_for(std::string_view word, const std::vector<std::string>& names,
                     const CLI::App& app) {
  const std::string match =
      closest_match(word, std::vector<std::string_view>(names.begin(), names.end()));
  return match.empty() ? help_hint(app) : "Did you mean '" + match + "'?";
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

/// All options that may stand behind `app`: its own and its parents'.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

/// The part of an unknown option that is safe to repeat: not what follows `=`, nor what follows a
/// short option's letter.
std::string option_word(const std::string& argument) {
  return argument.rfind("--", 0) == 0 ? argument.substr(0, argument.find('='))
                                      : argument.substr(0, 2);
}

/// Whether a word can only be a slip for a command, so that it may be repeated.
bool looks_like_command(std::string_view word) {
  return word.size() <= 24 && std::all_of(word.begin(), word.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  letter == '-' || letter == '_';
         });
}

Error unknown_command(const CLI::App& app, const std::string& word) {
  if (!looks_like_command(word)) {
    return {ExitCode::usage, "expected a command where a value stands", help_hint(app)};
  }
  return {ExitCode::usage, "unknown command '" + word + "'",
          hint_for(word, command_names(app), app)};
}

const CLI::App& innermost_command(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : innermost_command(*named.back());
}

/// What nobody took, the first that explains it; nothing where all was taken.
std::optional<Error> leftover_error(const CLI::App& app) {
  const CLI::App& command = innermost_command(app);
  const std::vector<std::string> leftover = app.remaining(true);
  for (const std::string& argument : leftover) {
    if (argument.size() > 1 && argument.front() == '-' && argument != "--") {
      const std::string word = option_word(argument);
      return Error(ExitCode::usage, "unknown option '" + word + "'",
                   hint_for(word, option_names(command), command));
    }
    if (!command.get_subcommands(nullptr).empty()) return unknown_command(command, argument);
  }
  if (leftover.empty()) return std::nullopt;
  return Error(ExitCode::usage, "too many arguments for '" + full_name(command) + "'",
               help_hint(command));
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// CLI11 puts what it says of an option into its message alone, the option's name first.
std::string message_of(const CLI::ParseError& error) {
  const std::string text = error.what();
  const std::string kind = error.get_name();
  const std::string option = text.substr(0, text.find_first_of(": "));
  if (kind == "RequiredError") return option + " is missing";
  if (kind == "ExcludesError") {
    return option + " and " + text.substr(text.rfind(' ') + 1) + " exclude each other";
  }
  if (kind == "RequiresError") return option + " needs " + text.substr(text.rfind(' ') + 1);
  if (kind == "ArgumentMismatch" && option.rfind('-', 0) == 0) {
    if (has(text, "missing")) return option + " needs a value";
    if (has(text, "At Most") || has(text, "at most")) return option + " is given more than once";
    if (has(text, "override")) return option + " takes no value";
  }
  if (kind == "ConversionError" && has(text, "Could not convert: ")) {
    const auto start = text.find(": ") + 2;
    return "the value of " + text.substr(start, text.find(" =", start) - start) + " is not valid";
  }
  if (option.rfind("--", 0) == 0) return "the value of " + option + " is not valid";
  return "the command line is not valid";
}

}  // namespace

Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
  // A misspelt option is worth saying before the one that is missing because of it.
  if (auto leftover = leftover_error(app)) return *leftover;
  return {ExitCode::usage, message_of(error), help_hint(innermost_command(app))};
}

Error no_command_error(const CLI::App& command) {
  std::string names;
  for (const std::string& name : command_names(command)) {
    names += (names.empty() ? "" : ", ") + name;
  }
  return {ExitCode::usage,
          command.get_parent() == nullptr ? "no command given"
                                          : "no command given after '" + full_name(command) + "'",
          "The commands are " + names + "."};
}

}  // namespace dsar::cmd
