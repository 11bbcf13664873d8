// From what somebody says to what an issuer signed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/jose/json.h"
#include "daemon/jose/jws.h"
#include "daemon/jose/jwt.h"
#include "daemon/jose/key_set.h"

namespace behalf {

// The signature only; no claim is looked at. The key is the one whose `kid`
// the token names; the algorithm must be accepted and fit the key.
// kSubjectAlgorithm: not RS256, PS256 or ES256. kSubjectKeyUnknown: no `kid`,
// or not in the set. kSubjectSignature: all else. Thread-safe.
absl::Status VerifySignature(const CompactJws& jws, const KeySet& keys);
absl::Status VerifySignature(const UnverifiedJwt& jwt, const KeySet& keys);

// A token whose signature was verified; only VerifyJwt makes one. Its claims
// are the issuer's word, and still to be checked one by one. Movable.
class VerifiedJwt {
 public:
  const JsonObject& claims() const { return jwt_.claims(); }
  bool HasHeader(std::string_view name) const { return jwt_.HasHeader(name); }
  std::optional<std::string_view> type() const { return jwt_.type(); }  // `typ`

  // The key that verified it.
  std::string_view key_id() const { return *jwt_.key_id(); }
  const std::string& key_thumbprint() const { return key_thumbprint_; }
  JwsAlgorithm algorithm() const { return algorithm_; }

 private:
  friend absl::StatusOr<VerifiedJwt> VerifyJwt(UnverifiedJwt jwt, const KeySet& keys);
  VerifiedJwt(UnverifiedJwt jwt, std::string key_thumbprint, JwsAlgorithm algorithm)
      : jwt_(std::move(jwt)), key_thumbprint_(std::move(key_thumbprint)), algorithm_(algorithm) {}

  UnverifiedJwt jwt_;
  std::string key_thumbprint_;
  JwsAlgorithm algorithm_;
};

// As VerifySignature.
absl::StatusOr<VerifiedJwt> VerifyJwt(UnverifiedJwt jwt, const KeySet& keys);

}  // namespace behalf
