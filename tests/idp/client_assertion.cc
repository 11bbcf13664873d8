#include "tests/idp/client_assertion.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "tests/idp/certificate_assertion.h"
#include "tests/idp/federation.h"

namespace behalf::idp {
namespace {

// One text, or a list of one: Kubernetes writes the latter.
std::string Audience(const json::object& claims) {
  const json::value* audience = claims.if_contains("aud");
  if (audience != nullptr && audience->is_array() && audience->get_array().size() == 1) {
    audience = &audience->get_array().front();
  }
  if (audience == nullptr || !audience->is_string()) return "";
  return std::string(std::string_view(audience->get_string()));
}

std::string Text(const json::object& claims, std::string_view key) {
  return TextAt(claims, key).value_or("");
}

const VerifyingKey* FindKey(const VerifyingKeys& keys, std::string_view id) {
  const auto matches = [&](const auto& key) { return id.empty() || key->id() == id; };
  const auto found = std::find_if(keys.begin(), keys.end(), matches);
  return found == keys.end() ? nullptr : found->get();
}

// The one that matches in everything, or the reason of the nearest miss.
Outcome<const FederatedCredential*> FindCredential(const Credentials& credentials,
                                                   const json::object& claims) {
  const std::string issuer = Text(claims, "iss");
  Refusal nearest{700211, {issuer}};
  for (const FederatedCredential& credential : credentials.federated) {
    if (credential.issuer != issuer) continue;
    if (credential.subject != Text(claims, "sub")) {
      if (nearest.code == 700211) nearest = {700213, {Text(claims, "sub")}};
    } else if (credential.audience != Audience(claims)) {
      nearest = {700212, {Audience(claims)}};
    } else {
      return &credential;
    }
  }
  return nearest;
}

std::optional<Refusal> CheckFederated(const TokenRequest& request, const UnverifiedJwt& jwt,
                                      const Credentials& credentials) {
  if (credentials.federated.empty()) return Refusal{70025, {request.client_id}};
  const auto credential = FindCredential(credentials, jwt.claims);
  if (!credential.ok()) return credential.refusal();
  const VerifyingKey* key = FindKey((*credential)->keys, Text(jwt.header, "kid"));
  if (key == nullptr) return Refusal{700027, {Reason(JwtDefect::kKeyUnknown)}};
  if (!key->Verify(Text(jwt.header, "alg"), jwt.input, jwt.signature)) {
    return Refusal{700027, {Reason(JwtDefect::kSignature)}};
  }
  return CheckAssertionTimes(request, jwt.claims);
}

}  // namespace

bool SeenAssertions::Add(const std::string& client_id, const std::string& id, absl::Time expires,
                         absl::Time now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(seen_, [&](const auto& entry) { return entry.second <= now; });
  return seen_.emplace(std::pair(client_id, id), expires).second;
}

std::optional<Refusal> CheckClientAssertion(const TokenRequest& request, std::string_view assertion,
                                            const Credentials& credentials, SeenAssertions& seen) {
  const std::optional<UnverifiedJwt> jwt = ReadUnverified(assertion);
  if (!jwt.has_value()) return Refusal{700027, {Reason(JwtDefect::kMalformed)}};
  if (NamesCertificate(*jwt)) return CheckCertificate(request, *jwt, credentials, seen);
  return CheckFederated(request, *jwt, credentials);
}

}  // namespace behalf::idp
