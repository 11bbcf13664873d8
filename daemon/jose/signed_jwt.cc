#include "daemon/jose/signed_jwt.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/jose/base64url.h"

namespace behalf {

SecretString SignedJwt(std::string_view claims, const SigningCertificate& certificate) {
  const std::string header = absl::StrCat(R"({"alg":"PS256","typ":"JWT","x5t#S256":")",
                                          Base64UrlEncode(certificate.thumbprint()), R"("})");
  std::string jwt = absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(claims));
  absl::StrAppend(&jwt, ".", Base64UrlEncode(certificate.SignPs256(jwt)));
  return SecretString(std::move(jwt));
}

}  // namespace behalf
