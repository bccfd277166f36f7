#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dsar::formats {

/// Where a package holds the values of a bytea column: `files/<set>/<column>-000001.bin` for the
/// first one in the order of the rows that is not NULL. Safe on any system (formats/entry_name),
/// and no two columns share a name, also where case is ignored: a set or column whose name is not
/// plain lower case has a digest behind it.
class BytesEntryNames {
 public:
  BytesEntryNames(std::string_view set, std::string_view column);

  /// The name for value number `n`, from 1; valid until the next call.
  const std::string& name(std::uint64_t n);

 private:
  std::string prefix_;
  std::string name_;
};

/// The same for one value.
std::string bytes_entry_name(std::string_view set, std::string_view column, std::uint64_t n);

}  // namespace dsar::formats
