#include "core/crypto/ed25519.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "core/crypto/hex.hpp"

using dsar::SigningKey;
using dsar::VerifyingKey;

namespace {

// RFC 8032, 7.1, TEST 1: the secret key 9d61b19d…7f60 in PKCS #8 (RFC 8410).
constexpr const char* test_1 =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

std::string hex(const std::string& bytes) {
  return dsar::to_hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

}  // namespace

TEST_CASE("Ed25519 gives the signatures of RFC 8032") {
  const auto key = SigningKey::from_pem(test_1);
  CHECK(
      hex(key.sign("")) ==
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
      "b46bd25bf5f0595bbe24655141438e7a100b");
  CHECK(key.id() == "06e3fd8fda29bb60");  // openssl pkey -pubin -outform DER | sha256sum
  CHECK(key.private_pem() == test_1);
  CHECK(key.public_pem() ==
        "-----BEGIN PUBLIC KEY-----\n"
        "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
        "-----END PUBLIC KEY-----\n");
}

TEST_CASE("a new signing key is another one and survives its PEM") {
  const auto one = SigningKey::make();
  const auto other = SigningKey::make();
  CHECK(one.id().size() == 16);
  CHECK(one.id() != other.id());
  const auto again = SigningKey::from_pem(one.private_pem());
  CHECK(again.id() == one.id());
  CHECK(again.sign("abc") == one.sign("abc"));
  CHECK(other.sign("abc") != one.sign("abc"));
}

TEST_CASE("a signature is that of its key and its bytes alone") {
  const auto key = SigningKey::make();
  const auto verifying = VerifyingKey::from_pem(key.public_pem());
  CHECK(verifying.id() == key.id());
  const auto signature = key.sign("exactly this");
  CHECK(verifying.verify("exactly this", signature));
  CHECK_FALSE(verifying.verify("exactly thus", signature));
  CHECK_FALSE(verifying.verify("exactly this", signature.substr(1)));
  CHECK_FALSE(verifying.verify("exactly this", ""));
  auto bent = signature;
  bent.back() = static_cast<char>(bent.back() ^ 1);
  CHECK_FALSE(verifying.verify("exactly this", bent));
  const auto other = VerifyingKey::from_pem(SigningKey::make().public_pem());
  CHECK_FALSE(other.verify("exactly this", signature));
  CHECK_THROWS_AS((void)VerifyingKey::from_pem(key.private_pem()), std::invalid_argument);
}

TEST_CASE("what is no Ed25519 key without a passphrase is refused") {
  const auto pem = SigningKey::make();
  CHECK_THROWS_AS((void)SigningKey::from_pem(""), std::invalid_argument);
  CHECK_THROWS_AS((void)SigningKey::from_pem("0123456789abcdef"), std::invalid_argument);
  CHECK_THROWS_AS((void)SigningKey::from_pem(pem.public_pem()), std::invalid_argument);
  // An X25519 key looks the same but for its algorithm.
  CHECK_THROWS_AS((void)SigningKey::from_pem(
                      "-----BEGIN PRIVATE KEY-----\n"
                      "MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                      "-----END PRIVATE KEY-----\n"),
                  std::invalid_argument);
}
