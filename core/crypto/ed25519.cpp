#include "core/crypto/ed25519.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/crypto/sha256.hpp"

namespace dsar {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

/// A secure one is wiped when it goes.
Bio memory() {
  Bio bio(BIO_new(BIO_s_secmem()));
  if (!bio) throw std::runtime_error("out of memory in OpenSSL");
  return bio;
}

std::string written(const Bio& bio, bool done) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &data);
  if (!done || size <= 0) throw std::runtime_error("OpenSSL could not write a key");
  return {data, static_cast<std::size_t>(size)};
}

// RFC 8410: what stands before the 32 bytes of a key. OpenSSL 3 reads and writes either by way of
// all its decoders and encoders, which takes longer than an erasure's signature.
constexpr std::size_t key_bytes = 32;
constexpr std::string_view public_head{"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12};
constexpr std::string_view private_head{
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16};

std::string id_of(evp_pkey_st* key) {
  constexpr std::size_t digits = 16;
  std::array<unsigned char, key_bytes> bytes{};
  auto size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) != 1 || size != bytes.size())
    throw std::runtime_error("OpenSSL could not write a key");
  Sha256 digest;
  digest.update(public_head);
  digest.update({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return digest.hex().substr(0, digits);
}

struct FreePlain {
  void operator()(char* text) const noexcept { OPENSSL_free(text); }
};
using Text = std::unique_ptr<char, FreePlain>;

/// An Ed25519 key in PKCS #8 without anything else, as keygen writes it; nullptr for what is not.
evp_pkey_st* plain_private_key(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  const bool read = bio && PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1;
  ERR_clear_error();
  if (!read) return nullptr;
  const Text own_name(name);
  const Text own_header(header);
  evp_pkey_st* key = nullptr;
  if (std::string_view(name) == PEM_STRING_PKCS8INF && *header == '\0' &&
      static_cast<std::size_t>(size) == private_head.size() + key_bytes &&
      std::equal(private_head.begin(), private_head.end(), reinterpret_cast<const char*>(data)))
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, data + private_head.size(),
                                       key_bytes);
  OPENSSL_clear_free(data, static_cast<std::size_t>(size));
  return key;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* data_of(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const noexcept {
  EVP_PKEY_free(key);
}

SigningKey SigningKey::make() {
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) throw std::runtime_error("OpenSSL could not make an Ed25519 key");
  return SigningKey(key);
}

SigningKey SigningKey::from_pem(std::string_view pem) {
  if (auto* const plain = plain_private_key(pem); plain != nullptr) return SigningKey(plain);
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // Never asks for a passphrase: an empty one is what it gets.
  EVP_PKEY* const key =
      bio == nullptr ? nullptr
                     : PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>(""));
  ERR_clear_error();
  if (key == nullptr) throw std::invalid_argument("not a private key in PEM without a passphrase");
  SigningKey found(key);
  if (EVP_PKEY_is_a(key, "ED25519") != 1) throw std::invalid_argument("not an Ed25519 key");
  return found;
}

std::string SigningKey::id() const {
  return id_of(key_.get());
}

std::string SigningKey::private_pem() const {
  const auto bio = memory();
  return written(bio, PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0,
                                                    nullptr, nullptr) == 1);
}

std::string SigningKey::public_pem() const {
  const auto bio = memory();
  return written(bio, PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
}

std::string SigningKey::sign(std::string_view bytes) const {
  const Context context(EVP_MD_CTX_new());
  std::array<unsigned char, 64> signature{};
  std::size_t size = signature.size();
  const bool done =
      context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
      EVP_DigestSign(context.get(), signature.data(), &size, data_of(bytes), bytes.size()) == 1;
  if (!done || size != signature.size()) throw std::runtime_error("OpenSSL could not sign");
  return {signature.begin(), signature.end()};
}

VerifyingKey VerifyingKey::from_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  EVP_PKEY* const key =
      bio == nullptr ? nullptr : PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr);
  ERR_clear_error();
  if (key == nullptr) throw std::invalid_argument("not a public key in PEM");
  VerifyingKey found(key);
  if (EVP_PKEY_is_a(key, "ED25519") != 1) throw std::invalid_argument("not an Ed25519 key");
  return found;
}

std::string VerifyingKey::id() const {
  return id_of(key_.get());
}

bool VerifyingKey::verify(std::string_view bytes, std::string_view signature) const {
  const Context context(EVP_MD_CTX_new());
  if (!context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1)
    throw std::runtime_error("OpenSSL could not begin to verify");
  const bool good = EVP_DigestVerify(context.get(), data_of(signature), signature.size(),
                                     data_of(bytes), bytes.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace dsar
