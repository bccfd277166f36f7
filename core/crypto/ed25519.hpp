#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace dsar {

struct FreeKey {
  void operator()(evp_pkey_st* key) const noexcept;
};

/// An Ed25519 key (RFC 8032) that signs. Signatures are detached, over exact bytes, and what
/// `openssl pkeyutl -verify -rawin` takes.
class SigningKey {
 public:
  /// A new one.
  [[nodiscard]] static SigningKey make();
  /// From its PEM (PKCS #8, no passphrase). Throws std::invalid_argument where that is something
  /// else.
  [[nodiscard]] static SigningKey from_pem(std::string_view pem);

  /// Sixteen hexadecimal digits that tell keys apart: the beginning of the SHA-256 of the public
  /// key's SubjectPublicKeyInfo (DER), so that whoever has the public key can work it out.
  [[nodiscard]] std::string id() const;

  [[nodiscard]] std::string private_pem() const;
  [[nodiscard]] std::string public_pem() const;

  /// 64 bytes.
  [[nodiscard]] std::string sign(std::string_view bytes) const;

 private:
  explicit SigningKey(evp_pkey_st* key) : key_(key) {}

  std::unique_ptr<evp_pkey_st, FreeKey> key_;
};

/// The public half, which tells whether a signature is the key's.
class VerifyingKey {
 public:
  /// From its PEM (SubjectPublicKeyInfo). Throws std::invalid_argument where that is something
  /// else.
  [[nodiscard]] static VerifyingKey from_pem(std::string_view pem);

  /// The same as that of the key that signs.
  [[nodiscard]] std::string id() const;

  /// Whether it is the key's signature of exactly these bytes.
  [[nodiscard]] bool verify(std::string_view bytes, std::string_view signature) const;

 private:
  explicit VerifyingKey(evp_pkey_st* key) : key_(key) {}

  std::unique_ptr<evp_pkey_st, FreeKey> key_;
};

}  // namespace dsar
