// From the bytes a caller sent to a user whom the issuer vouches for.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/base/bounded_cache.h"
#include "daemon/base/cancel.h"
#include "daemon/base/secret_string.h"
#include "daemon/base/task.h"
#include "daemon/oauth/signing_keys.h"
#include "daemon/oauth/subject.h"

namespace behalf {

using SubjectPtr = std::shared_ptr<const Subject>;

// Thread-safe. A signature is verified once: the claims of a verified token
// are remembered until it expires, its key leaves the issuer's set, or the
// provider's document changes. The provider's rules are applied every time;
// whether a blueprint admits the user is decided elsewhere.
class SubjectVerifier {
 public:
  SubjectVerifier(SigningKeys& keys, std::size_t memory_bytes);

  // The user at `now`, by the rules of `provider` (which must live until the
  // task ends). Fails with a kSubject... reason or kKeysUnavailable.
  Task<absl::StatusOr<SubjectPtr>> Verify(SecretString token, const Provider& provider,
                                          absl::Time now, CallContext& call);

  // Tokens remembered, and their bytes.
  std::size_t size() const { return memory_.size(); }
  std::size_t bytes() const { return memory_.bytes(); }

 private:
  using ClaimsPtr = std::shared_ptr<const SubjectClaims>;

  ClaimsPtr Remembered(const std::string& memory_key, const Provider& provider, absl::Time now);
  Task<absl::StatusOr<ClaimsPtr>> VerifyAnew(std::string_view token, const Provider& provider,
                                             std::string digest, CallContext& call);

  SigningKeys& keys_;
  BoundedCache<SubjectClaims> memory_;
};

}  // namespace behalf
