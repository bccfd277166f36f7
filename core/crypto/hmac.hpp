#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

namespace dsar {

/// HMAC-SHA-256 (RFC 2104) under one key, of many messages: making the key ready costs more than
/// a short message.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);

  /// Of `message`, in lower-case hexadecimal.
  [[nodiscard]] std::string hex(std::string_view message);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

/// HMAC-SHA-256 (RFC 2104) of `message` under `key` in lower-case hexadecimal.
[[nodiscard]] std::string hmac_sha256_hex(std::string_view key, std::string_view message);

/// Sixteen hexadecimal digits that tell keys apart and tell nothing of the key.
[[nodiscard]] std::string hmac_key_id(std::string_view key);

}  // namespace dsar
