#pragma once

#include <string>
#include <string_view>

namespace dsar {

/// HMAC-SHA-256 (RFC 2104) of `message` under `key` in lower-case hexadecimal.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);

/// Sixteen hexadecimal digits that tell keys apart and tell nothing of the key.
[[nodiscard]] std::string hmac_key_id(std::string_view key);

}  // namespace dsar
