#include "cmd/cli_help.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cmd/globals.hpp"

namespace dsar::cmd {

namespace {

constexpr std::size_t line_width = 80;
constexpr std::size_t term_width = 26;  // what is explained, on the left

/// `text` in lines of at most 80 columns, all but the first indented; lines that start with a
/// blank stay as they are.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!result.empty()) result += '\n' + std::string(line.empty() ? 0 : indent, ' ');
    if (!line.empty() && line.front() == ' ') {
      result += line;
      continue;
    }
    std::size_t column = indent;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      if (column > indent && column + 1 + word.size() > line_width) {
        result += '\n' + std::string(indent, ' ');
        column = indent;
      } else if (column > indent) {
        result += ' ';
        ++column;
      }
      result += word;
      column += word.size();
    }
  }
  return result;
}

std::string entry(const std::string& term, const std::string& explanation) {
  std::string result = "  " + term;
  if (result.size() + 2 > term_width) {
    result += '\n' + std::string(term_width, ' ');
  } else {
    result.resize(term_width, ' ');
  }
  return result + wrapped(explanation, term_width) + '\n';
}

bool repeats(const CLI::Option& option) {
  return option.get_items_expected_max() > 1;
}

std::string term_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true) + (repeats(option) ? "..." : "");
  std::string term;
  for (const std::string& name : option.get_snames()) term += (term.empty() ? "-" : ", -") + name;
  if (term.empty()) term = "    ";
  for (const std::string& name : option.get_lnames()) {
    term += (term == "    " ? "--" : ", --") + name;
  }
  if (option.get_items_expected_max() > 0) term += ' ' + option.get_type_name();
  return term;
}

std::string explanation_of(const CLI::Option& option) {
  std::string text = option.get_description();
  if (repeats(option) && !option.get_positional()) text += "; may be repeated";
  if (option.get_required() && !option.get_positional()) text += " (required)";
  return text;
}

using Section = std::pair<std::string, std::string>;

/// Options of `app` as sections by group, arguments first, then in the order of their first
/// option; of a parent, those alone that may stand behind its commands.
void add_options(const CLI::App& app, bool is_parent, std::vector<Section>& sections) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    if (is_parent && option->get_group() != global_group) continue;
    const bool positional = option->get_positional();
    const std::string title = positional ? "Arguments" : option->get_group();
    auto section = std::find_if(sections.begin(), sections.end(),
                                [&](const Section& each) { return each.first == title; });
    if (section == sections.end()) {
      section = sections.insert(positional ? sections.begin() : sections.end(), {title, ""});
    }
    section->second += entry(term_of(*option), explanation_of(*option));
  }
}

std::string usage_line(const CLI::App& app, const std::string& name) {
  std::string usage = "Usage: " + name;
  if (!app.get_subcommands(nullptr).empty()) usage += " COMMAND";
  usage += " [OPTIONS]";
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string term = term_of(*option);
    usage += option->get_required() ? ' ' + term : " [" + term + ']';
  }
  return usage;
}

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  const auto first_line = std::min(text.find('\n'), text.size());
  return text.insert(first_line, ".");
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::string help_text(const CLI::App& app, const std::string& name) {
  std::string text = usage_line(app, name) + "\n\n";
  text += wrapped(sentence(app.get_description()), 0) + '\n';
  std::vector<Section> sections;
  std::string commands;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    commands += entry(command->get_name(), first_line(command->get_description()));
  }
  if (!commands.empty()) sections.emplace_back("Commands", commands);
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    add_options(*level, level != &app, sections);
  }
  for (const Section& section : sections) text += '\n' + section.first + ":\n" + section.second;
  if (!app.get_footer().empty()) text += '\n' + wrapped(app.get_footer(), 0) + '\n';
  return text;
}

}  // namespace dsar::cmd
