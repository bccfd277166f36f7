#pragma once

#include <cstddef>

/// What all that erases agrees on.
namespace dsar::cmd {

inline constexpr std::size_t erasure_id_bytes = 16;  ///< at random
inline constexpr std::size_t salt_bytes = 32;        ///< of the digests of one plan
/// How often a transaction is tried that others are in the way of.
inline constexpr int most_attempts = 4;

}  // namespace dsar::cmd
