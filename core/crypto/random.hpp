#pragma once

#include <cstddef>
#include <string>

namespace dsar {

/// So many random bytes, fit for a key, as twice as many lower-case hexadecimal digits.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace dsar
