#include "cmd/settings_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/error.hpp"
#include "core/suggest.hpp"

namespace dsar::cmd {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

[[noreturn]] void refuse(const std::string& place, const std::string& message,
                         const std::string& hint = "Write one key = \"value\" a line.") {
  throw Error(ExitCode::usage, place + ": " + message, hint);
}

char escaped(char letter, const std::string& place) {
  switch (letter) {
    case '"':
    case '\\':
      return letter;
    case 't':
      return '\t';
    case 'n':
      return '\n';
    default:
      refuse(place, "unknown escape in a string",
             "Only \\\", \\\\, \\t and \\n are known; '…' takes everything as it stands.");
  }
}

std::string unreadable(const std::string& path, int error) {
  return "cannot read settings file " + path + ": " + std::generic_category().message(error);
}

}  // namespace

std::string settings_value(std::string_view text, const std::string& place) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
    refuse(place, "the value is not in quotes");
  }
  const char quote = text.front();
  std::string value;
  std::size_t at = 1;
  for (; at < text.size() && text[at] != quote; ++at) {
    if (quote == '"' && text[at] == '\\' && at + 1 < text.size()) {
      value += escaped(text[++at], place);
    } else {
      value += text[at];
    }
  }
  if (at == text.size()) refuse(place, "the value's closing quote is missing");
  const std::string_view rest = trimmed(text.substr(at + 1));
  if (!rest.empty() && rest.front() != '#') refuse(place, "something follows the value");
  return value;
}

SettingsFile read_settings_file(const std::string& path,
                                const std::vector<std::string_view>& known) {
  SettingsFile file;
  file.path = path;
  errno = 0;
  std::ifstream input(path);
  struct stat status {};
  if (!input || ::stat(path.c_str(), &status) != 0) {
    throw Error(ExitCode::usage, unreadable(path, errno));
  }
  if (S_ISDIR(status.st_mode)) throw Error(ExitCode::usage, unreadable(path, EISDIR));
  file.open_to_others = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;

  std::string line;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const std::string place = path + ":" + std::to_string(number);
    if (text.front() == '[') refuse(place, "sections are not supported");
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) refuse(place, "expected key = \"value\"");
    const std::string key(trimmed(text.substr(0, equals)));
    bool is_known = false;
    std::string keys;
    for (const std::string_view name : known) {
      is_known = is_known || name == key;
      keys += (keys.empty() ? "" : ", ") + std::string(name);
    }
    if (!is_known) {
      const std::string match = closest_match(key, known);
      refuse(place, "unknown key '" + key + "'",
             match.empty() ? "The keys are " + keys + "." : "Did you mean '" + match + "'?");
    }
    FileSetting setting{settings_value(trimmed(text.substr(equals + 1)), place), number};
    const auto [earlier, added] = file.settings.emplace(key, std::move(setting));
    if (!added) {
      refuse(place, "'" + key + "' is already set in line " + std::to_string(earlier->second.line),
             "Remove one of the two.");
    }
  }
  if (input.bad()) throw Error(ExitCode::usage, unreadable(path, errno));
  return file;
}

std::string default_settings_file() {
  std::vector<std::filesystem::path> places;
  const char* const config_home = std::getenv("XDG_CONFIG_HOME");
  const char* const home = std::getenv("HOME");
  if (config_home != nullptr && *config_home == '/') {
    places.emplace_back(std::filesystem::path(config_home) / "dsarctl" / "config.toml");
  } else if (home != nullptr && *home != '\0') {
    places.emplace_back(std::filesystem::path(home) / ".config" / "dsarctl" / "config.toml");
  }
  places.emplace_back("/etc/dsarctl.toml");
  for (const auto& place : places) {
    std::error_code ignored;
    if (std::filesystem::exists(place, ignored)) return place.string();
  }
  return {};
}

}  // namespace dsar::cmd
