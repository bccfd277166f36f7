#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/fault.hpp"

/// JSON that people write (data maps, policies), read so that every fault can name its place.
namespace dsar::formats {

struct JsonMember;

/// Where a value or a key begins; lines and characters count from 1.
struct JsonPosition {
  std::size_t line = 0;
  std::size_t column = 0;
};

/// A JSON value that knows its place in the text. Members keep the order of the file.
struct JsonValue {
  enum class Kind { null, boolean, integer, decimal, string, array, object };

  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;
  std::string text;  ///< of a string; of a decimal, or an integer beyond 64 bits, as written
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;
  JsonPosition position;

  /// The member of that key, or nullptr.
  [[nodiscard]] const JsonMember* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  JsonPosition position;  ///< of the key
  JsonValue value;
};

/// What JSON text holds. Not `readable`: it is no JSON, and `root` holds what came before.
struct JsonDocument {
  std::string file;
  JsonValue root;
  bool readable = false;
  std::vector<Fault> faults;  ///< syntax, bad UTF-8, limits, keys that occur twice

  /// The place of the value that a JSON pointer names (of its key, in an object), or of the
  /// nearest one around it that exists.
  [[nodiscard]] Location locate(const std::string& pointer) const;
};

inline constexpr std::size_t json_depth_limit = 64;
inline constexpr std::size_t json_size_limit = std::size_t{16} << 20U;  ///< bytes

/// Parses `text`; never throws for what the text holds. Of a key that occurs twice in an object
/// the first value counts.
JsonDocument read_json(std::string_view text, std::string file);

/// The same for a file. Throws Error (usage) where it cannot be read.
JsonDocument read_json_file(const std::filesystem::path& path);

}  // namespace dsar::formats
