#include "tests/idp/client_authentication.h"

#include <openssl/crypto.h>

#include "tests/idp/base64url.h"
#include "tests/idp/client_assertion.h"
#include "tests/idp/federation.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

bool SameSecret(std::string_view a, std::string_view b) {
  return CRYPTO_memcmp(Sha256(a).data(), Sha256(b).data(), 32) == 0;
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

Outcome<ClientProof> ProveBySecret(const TokenRequest& request, const Credentials& credentials) {
  for (const Secret& secret : credentials.secrets) {
    if (!SameSecret(*request.client_secret, secret.value)) continue;
    if (secret.expires <= request.now) return Refusal{7000222, {request.client_id}};
    return ClientProof::kSecret;
  }
  return Refusal{7000215, {request.client_id}};
}

Outcome<ClientProof> Prove(const TokenRequest& request, const Credentials& credentials,
                           const Issuer& issuer) {
  if (request.client_secret.has_value()) return ProveBySecret(request, credentials);
  const Outcome<std::string> assertion = PresentedAssertion(request);
  if (!assertion.ok()) return assertion.refusal();
  if (auto refusal =
          CheckClientAssertion(request, *assertion, credentials, issuer.memory().assertions)) {
    return *refusal;
  }
  return ClientProof::kAssertion;
}

Outcome<Client> AuthenticateBlueprint(const TokenRequest& request, const Blueprint& blueprint,
                                      const Issuer& issuer) {
  const auto proof = Prove(request, blueprint.credentials, issuer);
  if (!proof.ok()) return proof.refusal();
  return Client{.id = blueprint.id,
                .name = blueprint.name,
                .principal_id = blueprint.principal_id,
                .proof = *proof,
                .blueprint = &blueprint};
}

Outcome<Client> AuthenticateApp(const TokenRequest& request, const App& app, const Issuer& issuer) {
  Client client{.id = app.id,
                .name = app.name,
                .principal_id = app.principal_id,
                .app = &app,
                .consents = {&app.consents}};
  if (app.credentials.empty()) {
    const bool proves = request.client_secret.has_value() || request.form.Has("client_assertion");
    if (proves) return Refusal{700025};
    return client;
  }
  const auto proof = Prove(request, app.credentials, issuer);
  if (!proof.ok()) return proof.refusal();
  client.proof = *proof;
  return client;
}

Outcome<Client> AuthenticateAgent(const TokenRequest& request, const Blueprint& parent,
                                  const Agent& agent, const Issuer& issuer) {
  const Outcome<std::string> assertion = PresentedAssertion(request);
  if (!assertion.ok()) return assertion.refusal();
  const Party party{parent.id, AgentSubject(request.tenant, parent, agent.id)};
  if (auto refusal = CheckFederationToken(request, *assertion, party, issuer.keys()))
    return *refusal;
  return Client{.id = agent.id,
                .name = agent.name,
                .principal_id = agent.id,
                .proof = ClientProof::kAssertion,
                .agent = &agent,
                .parent = &parent,
                .consents = {&parent.consents, &agent.consents}};
}

}  // namespace

Outcome<Client> Authenticate(const TokenRequest& request, const Issuer& issuer) {
  const Tenant& tenant = request.tenant;
  if (const Blueprint* blueprint = tenant.FindBlueprint(request.client_id)) {
    return AuthenticateBlueprint(request, *blueprint, issuer);
  }
  if (const Blueprint* parent = tenant.ParentOf(request.client_id)) {
    return AuthenticateAgent(request, *parent, *FindAgent(*parent, request.client_id), issuer);
  }
  const App* app = tenant.FindApp(request.client_id);
  return app == nullptr ? UnknownClient(request) : AuthenticateApp(request, *app, issuer);
}

Outcome<Client> AuthenticateConfidential(const TokenRequest& request, const Issuer& issuer) {
  Outcome<Client> client = Authenticate(request, issuer);
  if (client.ok() && client->proof == ClientProof::kNone) return Refusal{7000218};
  return client;
}

}  // namespace behalf::idp
