#include "core/crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <stdexcept>

#include "core/crypto/hex.hpp"

namespace dsar {
namespace {

const unsigned char* bytes_of(std::string_view view) {
  // A null pointer for an empty view would mean 'no key' and 'no message' to OpenSSL.
  return reinterpret_cast<const unsigned char*>(view.empty() ? "" : view.data());
}

void require(bool done) {
  if (!done) throw std::runtime_error("HMAC-SHA-256 failed in OpenSSL");
}

evp_mac_ctx_st* new_context() {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  require(mac != nullptr);
  evp_mac_ctx_st* const context = EVP_MAC_CTX_new(mac);  // keeps the mac
  EVP_MAC_free(mac);
  return context;
}

}  // namespace

void HmacSha256::Free::operator()(evp_mac_ctx_st* context) const noexcept {
  EVP_MAC_CTX_free(context);
}

HmacSha256::HmacSha256(std::string_view key) : context_(new_context()) {
  require(context_ != nullptr);
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_end()};
  require(EVP_MAC_init(context_.get(), bytes_of(key), key.size(), parameters.data()) == 1);
}

std::string HmacSha256::hex(std::string_view message) {
  std::array<unsigned char, 32> digest{};
  std::size_t length = 0;
  // Without a key the one that is there is used again.
  require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
          EVP_MAC_update(context_.get(), bytes_of(message), message.size()) == 1 &&
          EVP_MAC_final(context_.get(), digest.data(), &length, digest.size()) == 1 &&
          length == digest.size());
  return to_hex(digest);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  return HmacSha256(key).hex(message);
}

std::string hmac_key_id(std::string_view key) {
  constexpr std::size_t digits = 16;
  return hmac_sha256_hex(key, "dsarctl key id").substr(0, digits);
}

}  // namespace dsar
