#include "cmd/completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>

#include "cmd/cli.hpp"
#include "cmd/globals.hpp"
#include "cmd/output.hpp"

namespace dsar::cmd {

namespace {

std::string option_words(const CLI::Option& option) {
  std::string words;
  for (const std::string& name : option.get_lnames()) words += " --" + name;
  return words;
}

/// What may follow `command`: its commands and options and the global options.
std::string words_of(const CLI::App& command) {
  std::string words;
  for (const CLI::App* each : command.get_subcommands(nullptr)) words += ' ' + each->get_name();
  for (const CLI::App* level = &command; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      if (level == &command || option->get_group() == global_group) words += option_words(*option);
    }
  }
  return words.empty() ? words : words.substr(1);
}

/// `'dsarctl map') words='…' ;;` for the command and all below it.
std::string word_cases(const CLI::App& command, const std::string& path) {
  std::string cases = "    '" + path + "') words='" + words_of(command) + "' ;;\n";
  for (const CLI::App* each : command.get_subcommands(nullptr)) {
    cases += word_cases(*each, path + ' ' + each->get_name());
  }
  return cases;
}

/// `'dsarctl map'|'dsarctl map check'|…`
std::string paths_below(const CLI::App& command, const std::string& path) {
  std::string paths;
  for (const CLI::App* each : command.get_subcommands(nullptr)) {
    const std::string below = path + ' ' + each->get_name();
    const std::string deeper = paths_below(*each, below);
    paths += (paths.empty() ? "'" : "|'") + below + "'" + (deeper.empty() ? "" : "|" + deeper);
  }
  return paths;
}

bool has_capitals(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

/// `--map) words='' ;;` for each option with a value; one of few values when its type is `a|b`
/// (but not `FILE|-`). Without words bash completes file names.
void add_value_cases(const CLI::App& command, std::string& cases) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional() || option->get_items_expected_max() == 0) continue;
    std::string values = option->get_type_name();
    if (values.find('|') == std::string::npos || has_capitals(values)) values.clear();
    std::replace(values.begin(), values.end(), '|', ' ');
    for (const std::string& name : option->get_lnames()) {
      const std::string line = "    --" + name + ") words='" + values + "' ;;\n";
      if (cases.find(line) == std::string::npos) cases += line;
    }
  }
  for (const CLI::App* each : command.get_subcommands(nullptr)) add_value_cases(*each, cases);
}

std::string bash_script(const CLI::App& root) {
  const std::string& name = root.get_name();
  std::string value_cases;
  add_value_cases(root, value_cases);
  return "# bash completion for " + name + ": source <(" + name + " completion bash)\n_" + name +
         R"(() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command=)" +
         name + R"( words= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${COMP_WORDS[i]}" in
      )" +
         paths_below(root, name) + R"() command+=" ${COMP_WORDS[i]}" ;;
    esac
  done
  case $command in
)" + word_cases(root, name) +
         R"(  esac
  case $before in
)" + value_cases +
         R"(  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _)" +
         name + ' ' + name + '\n';
}

}  // namespace

void register_completion(App app, Context& context) {
  const App group = add_group(app, {.name = "completion",
                                    .summary = "print a script that completes command lines",
                                    .description = "",
                                    .exit_codes = {},
                                    .example = ""});
  const auto bash = add_command(
      group, context,
      {.name = "bash",
       .summary = "print the script for bash",
       .description = "Put it where bash-completion looks for it, or source it.",
       .exit_codes = {},
       .example = "dsarctl completion bash > ~/.local/share/bash-completion/completions/dsarctl"},
      run_completion);
  bash.options.root = &app.native();
}

ExitCode run_completion(const CompletionOptions& options, Context& context) {
  emit_text(context, bash_script(*options.root));
  return ExitCode::done;
}

}  // namespace dsar::cmd
