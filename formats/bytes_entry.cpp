#include "formats/bytes_entry.hpp"

#include <algorithm>

#include "core/crypto/sha256.hpp"
#include "formats/entry_name.hpp"

namespace dsar::formats {
namespace {

/// A name as one part of a path.
std::string path_part(std::string_view name) {
  std::string part(name);
  std::replace(part.begin(), part.end(), '/', '_');
  part = safe_entry_name(part);
  const bool plain =
      part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
  return plain && part == name ? part : part + "~" + sha256_hex(name).substr(0, 8);
}

}  // namespace

BytesEntryNames::BytesEntryNames(std::string_view set, std::string_view column)
    : prefix_("files/" + path_part(set) + "/" + path_part(column) + "-") {}

const std::string& BytesEntryNames::name(std::uint64_t n) {
  constexpr std::size_t width = 6;  // names sort as the values do, up to a million of them
  const auto number = std::to_string(n);
  name_ = prefix_;
  name_.append(width - std::min(width, number.size()), '0').append(number).append(".bin");
  return name_;
}

std::string bytes_entry_name(std::string_view set, std::string_view column, std::uint64_t n) {
  return BytesEntryNames(set, column).name(n);
}

}  // namespace dsar::formats
