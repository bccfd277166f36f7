#pragma once

#include <string>
#include <string_view>

namespace dsar {

/// HMAC-SHA-256 (RFC 2104) of `message` under `key` in lower-case hexadecimal.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);

}  // namespace dsar
