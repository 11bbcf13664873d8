// Public keys of others: of certificates and of foreign issuers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/idp/openssl_pointers.h"

namespace behalf::idp {

// An RSA key. Immutable, thread-safe.
class VerifyingKey {
 public:
  explicit VerifyingKey(KeyPtr key, std::string id = "") : key_(std::move(key)), id_(id) {}

  const std::string& id() const { return id_; }  // of a JWK; may be empty

  // RFC 7518 sections 3.3 and 3.5; false for any other algorithm.
  bool Verify(std::string_view algorithm, std::string_view input, std::string_view signature) const;

 private:
  KeyPtr key_;
  std::string id_;
};

using VerifyingKeys = std::vector<std::shared_ptr<const VerifyingKey>>;

// The RSA keys of a JWK set (RFC 7517); nothing when it is none or has none.
std::optional<VerifyingKeys> ReadJwkSet(const std::string& text);

}  // namespace behalf::idp
