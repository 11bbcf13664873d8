// The public keys an issuer signs with: JSON Web Key Sets (RFC 7517, 7518).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace behalf {

// The signature algorithms that are accepted (RFC 7518 section 3.1).
enum class JwsAlgorithm { kRs256, kPs256, kEs256 };

// Null for every other name; names are case-sensitive.
std::optional<JwsAlgorithm> ParseAlgorithm(std::string_view name);
std::string_view AlgorithmName(JwsAlgorithm algorithm);

class JsonObject;

// One public key, decoded once. Immutable, thread-safe, cheap to copy.
class VerificationKey {
 public:
  // The `kid`; empty when the key has none, and then KeySet::Find never finds it.
  const std::string& id() const { return id_; }
  // RFC 7638 with SHA-256, raw: the key's identity whatever it is called.
  const std::string& thumbprint() const { return thumbprint_; }
  // The `alg` that the key is bound to, if any.
  std::optional<JwsAlgorithm> algorithm() const { return algorithm_; }

  // Whether `signature` over `input` verifies. False also where `algorithm`
  // does not fit the kind of key, or is not the one it is bound to. The
  // lengths are exact: the modulus' for RSA, 64 bytes (r, then s) for ES256;
  // the salt of PS256 has 32 bytes.
  bool Verify(JwsAlgorithm algorithm, std::string_view input, std::string_view signature) const;

 private:
  friend class KeySet;
  enum class Kind { kRsa, kP256 };

  static absl::StatusOr<VerificationKey> FromRsa(const JsonObject& jwk);
  static absl::StatusOr<VerificationKey> FromP256(const JsonObject& jwk);
  VerificationKey(Kind kind, std::shared_ptr<evp_pkey_st> key, std::string thumbprint);

  Kind kind_;
  std::shared_ptr<evp_pkey_st> key_;
  std::string id_;
  std::string thumbprint_;
  std::optional<JwsAlgorithm> algorithm_;
};

// Immutable, thread-safe.
class KeySet {
 public:
  static constexpr std::size_t kMaxBytes = 256 * 1024;
  static constexpr std::size_t kMaxKeys = 64;

  // Keys that are none of ours are passed over: a `kty` other than RSA and EC
  // with P-256, a `use` other than `sig`, `key_ops` without `verify`, an `alg`
  // we do not accept. The set as a whole is refused (kKeysUnavailable, with
  // what is wrong) when it is malformed; when any key has private or symmetric
  // members; when a `kid` stands twice; when an RSA key is not of 2048 to 8192
  // bits with an odd exponent from 65537 to 2^64, or is weak by ROCA
  // (CVE-2017-15361); when a point is not on the curve; when `alg` contradicts
  // `kty`; or when no usable key is left.
  static absl::StatusOr<std::shared_ptr<const KeySet>> Parse(std::string_view json);

  // Null when unknown. Valid as long as the set.
  const VerificationKey* Find(std::string_view kid) const;
  std::span<const VerificationKey> keys() const { return keys_; }

 private:
  explicit KeySet(std::vector<VerificationKey> keys);

  std::vector<VerificationKey> keys_;
};

}  // namespace behalf
