#include "daemon/jose/verify.h"

#include "daemon/base/error.h"

namespace behalf {

absl::Status VerifySignature(const CompactJws& jws, const KeySet& keys) {
  const auto algorithm = ParseAlgorithm(jws.algorithm());
  if (!algorithm) return MakeError(Reason::kSubjectAlgorithm);
  const VerificationKey* key = jws.key_id() ? keys.Find(*jws.key_id()) : nullptr;
  if (key == nullptr) return MakeError(Reason::kSubjectKeyUnknown);
  if (!key->Verify(*algorithm, jws.signing_input(), jws.signature())) {
    return MakeError(Reason::kSubjectSignature);
  }
  return absl::OkStatus();
}

absl::Status VerifySignature(const UnverifiedJwt& jwt, const KeySet& keys) {
  return VerifySignature(jwt.jws(), keys);
}

absl::StatusOr<VerifiedJwt> VerifyJwt(UnverifiedJwt jwt, const KeySet& keys) {
  if (absl::Status status = VerifySignature(jwt, keys); !status.ok()) return status;
  const VerificationKey& key = *keys.Find(*jwt.key_id());
  const JwsAlgorithm algorithm = *ParseAlgorithm(jwt.algorithm());
  return VerifiedJwt(std::move(jwt), key.thumbprint(), algorithm);
}

}  // namespace behalf
