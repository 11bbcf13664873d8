#include "tests/idp/client_authentication.h"

#include <openssl/crypto.h>

#include "tests/idp/base64url.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

bool SameSecret(std::string_view a, std::string_view b) {
  return CRYPTO_memcmp(Sha256(a).data(), Sha256(b).data(), 32) == 0;
}

std::string_view Reason(JwtDefect defect) {
  switch (defect) {
    case JwtDefect::kMalformed:
      return "The assertion is malformed.";
    case JwtDefect::kKeyUnknown:
      return "The key was not found.";
    default:
      return "The provided signature value did not match the expected signature value.";
  }
}

Outcome<std::string> PresentedAssertion(const TokenRequest& request) {
  if (!request.form.Get("client_assertion")) return Refusal{7000218};
  const Outcome<std::string> type = Required(request, "client_assertion_type");
  if (!type.ok()) return type;
  if (*type != kJwtBearer) {
    return Refusal{9002313, {"The client_assertion_type is not supported."}};
  }
  return Required(request, "client_assertion");
}

std::optional<Refusal> CheckTimes(const TokenRequest& request, const json::object& claims) {
  const absl::Time begins = absl::FromUnixSeconds(NumberAt(claims, "nbf").value_or(0));
  const absl::Time ends = absl::FromUnixSeconds(NumberAt(claims, "exp").value_or(0));
  if (begins <= request.now && request.now < ends) return std::nullopt;
  return Refusal{700024, {ErrorTime(request.now), ErrorTime(begins), ErrorTime(ends)}};
}

// As a federated credential is matched: issuer, audience, subject.
std::optional<Refusal> CheckFederation(const TokenRequest& request, const Blueprint& parent,
                                       const Agent& agent, const json::object& claims) {
  const auto text = [&](std::string_view key) { return TextAt(claims, key).value_or(""); };
  if (text("tid") != request.tenant.id) return Refusal{700211, {text("iss")}};
  if (text("aud") != kExchangeAppId) return Refusal{700212, {text("aud")}};
  if (text("idtyp") != "app") return Refusal{700229};
  if (text("azp") != parent.id || text("sub") != AgentSubject(request.tenant, parent, agent.id)) {
    return Refusal{700213, {text("sub")}};
  }
  return std::nullopt;
}

}  // namespace

Outcome<Client> AuthenticateBlueprint(const TokenRequest& request, const Blueprint& blueprint) {
  if (!request.client_secret.has_value()) {
    if (!request.form.Has("client_assertion")) return Refusal{7000218};
    return Refusal{700027, {"The application has no certificate registered."}};
  }
  if (!SameSecret(*request.client_secret, blueprint.secret)) {
    return Refusal{7000215, {blueprint.id}};
  }
  return Client{blueprint.id, blueprint.name, ClientProof::kSecret};
}

Outcome<Client> AuthenticateAgent(const TokenRequest& request, const Blueprint& parent,
                                  const Agent& agent, const SigningKeys& keys) {
  const Outcome<std::string> assertion = PresentedAssertion(request);
  if (!assertion.ok()) return assertion.refusal();
  const ReadJwt token = ReadAndVerify(keys, *assertion);
  if (token.defect != JwtDefect::kNone) {
    return Refusal{700027, {std::string(Reason(token.defect))}};
  }
  if (auto refusal = CheckTimes(request, token.claims)) return *refusal;
  if (auto refusal = CheckFederation(request, parent, agent, token.claims)) return *refusal;
  return Client{agent.id, agent.name, ClientProof::kAssertion, &parent};
}

}  // namespace behalf::idp
