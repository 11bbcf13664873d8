#include "daemon/oauth/client_assertion.h"

#include "absl/strings/str_cat.h"
#include "daemon/crypto/random.h"
#include "daemon/jose/signed_jwt.h"

namespace behalf {
namespace {

// For a provider whose clock is behind ours.
constexpr absl::Duration kBack = absl::Minutes(1);
constexpr absl::Duration kLifetime = absl::Minutes(10);

}  // namespace

// The loader lets no quote into these values.
SecretString ClientAssertion(const Blueprint& blueprint, const SigningCertificate& certificate,
                             absl::Time now) {
  const std::string& client = blueprint.client_id;
  const absl::Time from = now - kBack;
  return SignedJwt(
      absl::StrCat(R"({"aud":")", blueprint.provider->token_endpoint, R"(","iss":")", client,
                   R"(","sub":")", client, R"(","jti":")", RandomUuid(), R"(","iat":)",
                   absl::ToUnixSeconds(now), R"(,"nbf":)", absl::ToUnixSeconds(from), R"(,"exp":)",
                   absl::ToUnixSeconds(from + kLifetime), "}"),
      certificate);
}

}  // namespace behalf
