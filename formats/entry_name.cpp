#include "formats/entry_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace dsar::formats {
namespace {

constexpr std::size_t longest_part = 120;  // bytes: leaves room for folders within Windows' 260

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;  ///< in bytes; 0: not UTF-8
};

/// The code point at the start of `text`, which is not empty.
CodePoint decode(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3F);
  }
  constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest[length] || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

constexpr bool in(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
  return value >= first && value <= last;
}

bool is_allowed(std::uint32_t value) {
  if (value < 0x80) {
    return value >= 0x20 && value != 0x7F &&
           std::string_view("\\:*?\"<>|").find(static_cast<char>(value)) == std::string_view::npos;
  }
  return !in(value, 0x80, 0x9F)          // C1 controls
         && !in(value, 0x200B, 0x200F)   // invisible, and direction marks
         && !in(value, 0x2028, 0x202E)   // line separators and direction overrides
         && !in(value, 0x2060, 0x206F)   // invisible, and direction isolates
         && value != 0xFEFF              // byte order mark
         && !in(value, 0xFFF0, 0xFFFF);  // specials and noncharacters
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) { return lower(c); });
  return folded;
}

/// Names of devices, which Windows reserves with any extension.
bool is_device(std::string_view part) {
  std::string stem = lower(part.substr(0, part.find('.')));
  while (stem.ends_with(' ')) stem.pop_back();
  for (const std::string_view name : {"con", "prn", "aux", "nul", "conin$", "conout$"}) {
    if (stem == name) return true;
  }
  if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
  const std::string_view digit = std::string_view(stem).substr(3);
  return (digit.size() == 1 && digit[0] >= '0' && digit[0] <= '9') || digit == "\u00b9" ||
         digit == "\u00b2" || digit == "\u00b3";
}

/// Cut to size on a character's edge; a short extension is kept.
std::string shorten(std::string_view part) {
  if (part.size() <= longest_part) return std::string(part);
  const std::size_t dot = part.rfind('.');
  const bool keep = dot != std::string_view::npos && dot > 0 && part.size() - dot <= 16;
  const std::string_view extension = keep ? part.substr(dot) : std::string_view();
  std::size_t end = longest_part - extension.size();
  while (end > 0 && (static_cast<unsigned char>(part[end]) & 0xC0) == 0x80) --end;
  return std::string(part.substr(0, end)).append(extension);
}

std::string safe_part(std::string_view part) {
  std::string safe;
  for (std::size_t at = 0; at < part.size();) {
    const CodePoint point = decode(part.substr(at));
    if (point.length > 0 && is_allowed(point.value)) {
      safe += part.substr(at, point.length);
    } else {
      safe += '_';
    }
    at += std::max<std::size_t>(point.length, 1);
  }
  safe = shorten(safe);
  // Windows drops trailing dots and spaces; this takes care of `.` and `..` too.
  if (safe.ends_with('.') || safe.ends_with(' ')) safe.back() = '_';
  if (safe.starts_with(' ')) safe.front() = '_';
  if (is_device(safe)) safe.insert(0, 1, '_');
  return safe;
}

/// Paths that some system takes for the same have the same folded form. Without Unicode's tables
/// all letters beyond ASCII are one, with the ASCII letter that a combining mark belongs to: a
/// number too many does no harm, a file that overwrites another does.
std::string fold(std::string_view path) {
  std::string folded;
  for (std::size_t at = 0; at < path.size();) {
    const CodePoint point = decode(path.substr(at));
    at += point.length;  // safe paths are UTF-8
    if (point.value < 0x80) {
      folded += lower(static_cast<char>(point.value));
      continue;
    }
    const bool combines = in(point.value, 0x300, 0x36F);
    if (combines && !folded.empty() && folded.back() != '/' && folded.back() != '?') {
      folded.pop_back();
    }
    if (!folded.ends_with('?')) folded += '?';
  }
  return folded;
}

/// `~number` before the extension of the last part.
std::string numbered(std::string_view path, unsigned number) {
  const std::size_t slash = path.rfind('/');
  const std::size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || dot <= start) dot = path.size();
  return std::string(path.substr(0, dot)) + '~' + std::to_string(number) +
         std::string(path.substr(dot));
}

}  // namespace

std::string safe_entry_name(std::string_view name) {
  std::string safe;
  while (!name.empty()) {
    const std::size_t slash = std::min(name.find('/'), name.size());
    if (slash > 0) {
      if (!safe.empty()) safe += '/';
      safe += safe_part(name.substr(0, slash));
    }
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  return safe.empty() ? "_" : safe;
}

std::string EntryNames::claim(std::string_view name) {
  const std::string safe = safe_entry_name(name);
  std::string path;
  std::size_t start = 0;
  for (std::size_t slash = safe.find('/'); slash != std::string::npos;
       slash = safe.find('/', start)) {
    path.append(safe, start, slash - start);
    path = claim_path(path, Use::folder);
    path += '/';
    start = slash + 1;
  }
  return claim_path(path.append(safe, start), Use::file);
}

/// A folder may be shared by any number of entries, a file by none.
std::string EntryNames::claim_path(const std::string& path, Use use) {
  const auto take = [&](const std::string& candidate) {
    const auto [place, added] = used_.try_emplace(fold(candidate), use);
    return added || (use == Use::folder && place->second == Use::folder);
  };
  if (take(path)) return path;
  unsigned folder_number = 1;  // counted from the start, so that entries find the same folder
  unsigned& number = use == Use::folder ? folder_number : last_number_[fold(path)];
  number = std::max(number, 1U);
  for (;;) {
    std::string candidate = numbered(path, ++number);
    if (take(candidate)) return candidate;
  }
}

}  // namespace dsar::formats
