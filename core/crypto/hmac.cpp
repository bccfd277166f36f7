#include "core/crypto/hmac.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "core/crypto/hex.hpp"

namespace dsar {

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  std::array<unsigned char, 32> digest{};
  std::size_t length = 0;
  // A null pointer for an empty view would mean 'no key' and 'no message' to OpenSSL.
  const char* const key_data = key.empty() ? "" : key.data();
  const char* const data = message.empty() ? "" : message.data();
  const unsigned char* const done =
      EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key_data, key.size(),
                reinterpret_cast<const unsigned char*>(data), message.size(), digest.data(),
                digest.size(), &length);
  if (done == nullptr || length != digest.size()) {
    throw std::runtime_error("HMAC-SHA-256 failed in OpenSSL");
  }
  return to_hex(digest);
}

std::string hmac_key_id(std::string_view key) {
  constexpr std::size_t digits = 16;
  return hmac_sha256_hex(key, "dsarctl key id").substr(0, digits);
}

}  // namespace dsar
