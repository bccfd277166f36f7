#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/enum_names.hpp"

/// Objects outside the database, such as files in a store, whose rows an erasure has deleted.
namespace dsar {

/// What whoever removes objects reports of one.
enum class ObjectState : std::uint8_t {
  deleted,
  not_found,  ///< it was not there any more
  failed,     ///< it is there still
};

template <>
struct EnumNames<ObjectState> {
  using S = ObjectState;
  static constexpr std::array table{
      EnumName<S>{S::deleted, "deleted"},
      EnumName<S>{S::not_found, "not-found"},
      EnumName<S>{S::failed, "failed"},
  };
};

/// A report about the object with that number.
struct ObjectReport {
  std::string id;
  ObjectState state = ObjectState::deleted;
};

/// How far the objects of one store have come.
struct StoreState {
  std::string store;
  std::uint64_t deleted = 0;
  std::uint64_t not_found = 0;
  std::uint64_t failed = 0;
  std::uint64_t unreported = 0;
  std::string gone_digest = {};  ///< of the keys of those that are gone; empty: not all are hashed

  /// Still to be removed.
  [[nodiscard]] std::uint64_t open() const { return failed + unreported; }
};

}  // namespace dsar
