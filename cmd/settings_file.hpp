#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dsar::cmd {

/// One line of a settings file.
struct FileSetting {
  std::string value;
  std::size_t line = 0;
};

/// A settings file: `key = "value"` a line, `#` comments, the smallest useful part of TOML.
struct SettingsFile {
  std::string path;
  bool open_to_others = false;  ///< its group or everybody may read it
  std::map<std::string, FileSetting, std::less<>> settings;

  /// `path:line`
  [[nodiscard]] std::string place(const FileSetting& setting) const {
    return path + ":" + std::to_string(setting.line);
  }
};

/// Reads `path`. Throws Error (usage) when it cannot be read, and for anything in it that is not
/// understood: a section, an unquoted value, a key that is not one of `known` or is there twice.
SettingsFile read_settings_file(const std::string& path,
                                const std::vector<std::string_view>& known);

/// The value of one line's right side: a TOML basic ("…") or literal ('…') string, a comment may
/// follow. Throws Error (usage) with a message to put the place in front of.
std::string settings_value(std::string_view text, const std::string& place);

/// The settings file to read where none is named: $XDG_CONFIG_HOME/dsarctl/config.toml (or
/// ~/.config/dsarctl/config.toml), else /etc/dsarctl.toml; empty where neither exists.
std::string default_settings_file();

}  // namespace dsar::cmd
