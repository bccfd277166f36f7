#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dsar::formats {

/// `name` as a relative path that any system can unpack: no `..`, root, drive, backslash, control
/// or direction character, no name that Windows reserves, valid UTF-8, short parts. Safe names come
/// back unchanged; of the others what cannot stay becomes `_`.
[[nodiscard]] std::string safe_entry_name(std::string_view name);

/// Gives every entry of a package a name of its own, also for systems that ignore case, and none
/// that is a folder of another entry's name.
class EntryNames {
 public:
  /// The safe form of `name`, with `~2`, `~3`, ... before its extension where it is taken.
  std::string claim(std::string_view name);

 private:
  enum class Use : std::uint8_t { file, folder };

  std::string claim_path(const std::string& path, Use use);

  std::unordered_map<std::string, Use> used_;  ///< by folded path
  std::unordered_map<std::string, unsigned> last_number_;
};

}  // namespace dsar::formats
