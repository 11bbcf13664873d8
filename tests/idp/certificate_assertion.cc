#include "tests/idp/certificate_assertion.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/idp/base64url.h"
#include "tests/idp/federation.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kSha256 = "x5t#S256";
constexpr std::string_view kSha1 = "x5t";
constexpr std::string_view kChain = "x5c";

// Clients write thumbprints in base64url, with and without padding, and in
// standard base64.
std::optional<std::string> Thumbprint(const json::object& header, std::string_view name) {
  std::optional<std::string> text = TextAt(header, name);
  if (!text.has_value()) return std::nullopt;
  while (text->ends_with('=')) text->pop_back();
  std::replace(text->begin(), text->end(), '+', '-');
  std::replace(text->begin(), text->end(), '/', '_');
  return FromBase64Url(*text);
}

// Of the first certificate: an array, or its only element.
std::optional<std::string> ChainThumbprint(const json::object& header) {
  const json::value* chain = header.if_contains(kChain);
  if (chain != nullptr && chain->is_array() && !chain->get_array().empty()) {
    chain = &chain->get_array().front();
  }
  if (chain == nullptr || !chain->is_string()) return std::nullopt;
  const auto der = FromBase64(std::string_view(chain->get_string()));
  return der.has_value() ? std::optional(Sha256(*der)) : std::nullopt;
}

const Certificate* FindCertificate(const Credentials& credentials, const json::object& header) {
  const auto sha256 = Thumbprint(header, kSha256);
  const auto sha1 = Thumbprint(header, kSha1);
  const auto chain = ChainThumbprint(header);
  const auto matches = [&](const Certificate& certificate) {
    if (sha256.has_value()) return certificate.sha256 == sha256;
    if (sha1.has_value()) return certificate.sha1 == sha1;
    return certificate.sha256 == chain;
  };
  const auto& all = credentials.certificates;
  const auto found = std::find_if(all.begin(), all.end(), matches);
  return found == all.end() ? nullptr : &*found;
}

// The token endpoint; its older form and the issuer do as well.
bool IsOurAudience(const TokenRequest& request, const std::string& audience) {
  for (const std::string& tenant : {request.tenant.id, request.tenant.domain}) {
    const std::string root = absl::StrCat(request.base_url, "/", tenant);
    for (const char* path : {"/oauth2/v2.0/token", "/oauth2/token", "/v2.0"}) {
      if (absl::EqualsIgnoreCase(audience, absl::StrCat(root, path))) return true;
    }
  }
  return false;
}

std::optional<Refusal> CheckClaims(const TokenRequest& request, const json::object& claims,
                                   SeenAssertions& seen) {
  const auto text = [&](std::string_view key) { return TextAt(claims, key).value_or(""); };
  if (text("iss") != request.client_id || text("sub") != request.client_id) {
    return Refusal{50012, {"The issuer or subject of the assertion is not the client."}};
  }
  if (!IsOurAudience(request, text("aud"))) {
    return Refusal{50012, {"The audience of the assertion is not the token endpoint."}};
  }
  if (!request.tenant.refuse_replays) return std::nullopt;
  const absl::Time expires = TimeAt(claims, "exp").value_or(request.now);
  if (seen.Add(request.client_id, text("jti"), expires, request.now)) return std::nullopt;
  return Refusal{50012, {"The assertion was presented before."}};
}

}  // namespace

bool NamesCertificate(const UnverifiedJwt& jwt) {
  return jwt.header.contains(kSha256) || jwt.header.contains(kSha1) || jwt.header.contains(kChain);
}

std::optional<Refusal> CheckCertificate(const TokenRequest& request, const UnverifiedJwt& jwt,
                                        const Credentials& credentials, SeenAssertions& seen) {
  const Certificate* certificate = FindCertificate(credentials, jwt.header);
  if (certificate == nullptr) return Refusal{700027, {Reason(JwtDefect::kKeyUnknown)}};
  const std::string algorithm = TextAt(jwt.header, "alg").value_or("");
  if (!certificate->key->Verify(algorithm, jwt.input, jwt.signature)) {
    return Refusal{700027, {Reason(JwtDefect::kSignature)}};
  }
  if (auto refusal = CheckAssertionTimes(request, jwt.claims)) return refusal;
  return CheckClaims(request, jwt.claims, seen);
}

}  // namespace behalf::idp
