#include "daemon/oauth/subject_verifier.h"

#include <utility>

#include "daemon/base/error.h"
#include "daemon/crypto/digest.h"
#include "daemon/jose/jwt.h"
#include "daemon/jose/verify.h"
#include "daemon/oauth/entra_subject.h"

namespace behalf {
namespace {

// What one remembered token costs: its strings, the entry, the index; and each
// member of its lists.
constexpr std::size_t kBytesPerSubject = 2048;
constexpr std::size_t kBytesPerMember = 96;

std::size_t BytesOf(const SubjectClaims& claims) {
  std::size_t bytes = kBytesPerSubject;
  for (const auto* list : {&claims.groups, &claims.roles, &claims.amr, &claims.auth_contexts}) {
    for (const std::string& member : list->value_or(std::vector<std::string>())) {
      bytes += kBytesPerMember + member.size();
    }
  }
  return bytes;
}

}  // namespace

SubjectVerifier::SubjectVerifier(SigningKeys& keys, std::size_t memory_bytes)
    : keys_(keys), memory_(memory_bytes) {}

Task<absl::StatusOr<SubjectPtr>> SubjectVerifier::Verify(SecretString token,
                                                         const Provider& provider, absl::Time now,
                                                         CallContext& call) {
  std::string digest = Sha256(token.Reveal());
  const std::string memory_key = provider.digest + digest;

  ClaimsPtr claims = Remembered(memory_key, provider, now);
  if (!claims) {
    auto verified = co_await VerifyAnew(token.Reveal(), provider, std::move(digest), call);
    if (!verified.ok()) co_return verified.status();
    claims = *std::move(verified);
    memory_.Put(memory_key, claims, BytesOf(*claims));
  }
  const absl::Status accepted = CheckSubject(*claims, provider, now);
  if (!accepted.ok()) co_return accepted;
  co_return SubjectPtr(new Subject(std::move(claims), std::move(token)));
}

SubjectVerifier::ClaimsPtr SubjectVerifier::Remembered(const std::string& memory_key,
                                                       const Provider& provider, absl::Time now) {
  ClaimsPtr claims = memory_.Get(memory_key);
  if (!claims) return nullptr;
  const KeySetPtr keys = keys_.Known(provider);
  const VerificationKey* const key = keys ? keys->Find(claims->key_id) : nullptr;
  const bool key_stands = key != nullptr && key->thumbprint() == claims->key_thumbprint;
  if (key_stands && now < claims->expires_at + kClockSkew) return claims;
  memory_.Erase(memory_key);
  return nullptr;
}

Task<absl::StatusOr<SubjectVerifier::ClaimsPtr>> SubjectVerifier::VerifyAnew(
    std::string_view token, const Provider& provider, std::string digest, CallContext& call) {
  auto unverified = UnverifiedJwt::Parse(token);
  if (!unverified.ok()) co_return unverified.status();
  const absl::Status graph = RefuseGraphToken(*unverified);
  if (!graph.ok()) co_return graph;
  if (!ParseAlgorithm(unverified->algorithm())) co_return MakeError(Reason::kSubjectAlgorithm);
  if (!unverified->key_id()) co_return MakeError(Reason::kSubjectKeyUnknown);

  const auto keys = co_await keys_.Find(provider, std::string(*unverified->key_id()), call);
  if (!keys.ok()) co_return keys.status();
  const auto verified = VerifyJwt(*std::move(unverified), **keys);
  if (!verified.ok()) co_return verified.status();

  auto claims = ReadSubjectClaims(*verified, provider);
  if (!claims.ok()) co_return claims.status();
  claims->digest = std::move(digest);
  co_return std::make_shared<const SubjectClaims>(*std::move(claims));
}

}  // namespace behalf
