// The keys that tokens are signed with: RSA-2048, RS256 (RFC 7518 section 3.3).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tests/idp/openssl_pointers.h"
#include "tests/idp/state_directory.h"

namespace behalf::idp {

// Immutable, thread-safe.
class SigningKey {
 public:
  explicit SigningKey(KeyPtr key);

  const std::string& id() const { return id_; }            // RFC 7638 thumbprint
  const std::string& modulus() const { return modulus_; }  // base64url, as in a JWK
  const std::string& exponent() const { return exponent_; }

  std::string Sign(std::string_view input) const;
  bool Verify(std::string_view input, std::string_view signature) const;

 private:
  KeyPtr key_;
  std::string modulus_;
  std::string exponent_;
  std::string id_;
};

// All keys are published; the last one signs. Immutable, thread-safe.
class SigningKeys {
 public:
  // The files signing-*.key of `state`, in order of their names; makes the
  // first one.
  static absl::StatusOr<SigningKeys> Load(const StateDirectory& state);
  // The same with one more, new file, which is last.
  static absl::StatusOr<SigningKeys> LoadWithNew(const StateDirectory& state);
  // One new key that is kept nowhere.
  static SigningKeys Ephemeral();

  const SigningKey& current() const { return *keys_.back(); }
  const SigningKey* Find(std::string_view id) const;  // null: unknown
  const std::vector<std::unique_ptr<const SigningKey>>& all() const { return keys_; }

 private:
  std::vector<std::unique_ptr<const SigningKey>> keys_;
};

}  // namespace behalf::idp
