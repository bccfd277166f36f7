#include "core/crypto/random.hpp"

#include <openssl/rand.h>

#include <stdexcept>
#include <vector>

#include "core/crypto/hex.hpp"

namespace dsar {

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> random(bytes);
  if (RAND_priv_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw std::runtime_error("OpenSSL has no random bytes");
  return to_hex(random);
}

}  // namespace dsar
