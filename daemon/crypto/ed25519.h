// Signatures by Ed25519 (RFC 8032).
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "daemon/base/secret_string.h"

namespace behalf {

// Immutable, hence thread-safe.
class Ed25519PublicKey {
 public:
  // "-----BEGIN PUBLIC KEY-----" (RFC 8410). Fails with a plain
  // FailedPrecondition whose message is for an operator.
  static absl::StatusOr<Ed25519PublicKey> FromPem(std::string_view pem);

  // First 16 hex digits of SHA-256 of the key's 32 bytes.
  const std::string& id() const { return id_; }
  std::string Pem() const;
  // `signature`: 64 bytes.
  bool Verifies(std::string_view message, std::string_view signature) const;

 private:
  friend class Ed25519PrivateKey;
  explicit Ed25519PublicKey(std::shared_ptr<EVP_PKEY> key);

  std::shared_ptr<EVP_PKEY> key_;
  std::string id_;
};

// Immutable, hence thread-safe.
class Ed25519PrivateKey {
 public:
  // `seed`: 32 random bytes.
  explicit Ed25519PrivateKey(const SecretString& seed);

  const Ed25519PublicKey& public_key() const { return public_key_; }
  // 64 bytes.
  std::string Sign(std::string_view message) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  Ed25519PublicKey public_key_;
};

}  // namespace behalf
