#include "tests/idp/client_authentication.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "tests/idp/base64url.h"
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

Outcome<ClientProof> Prove(const TokenRequest& request, const std::string& id,
                           const Credentials& credentials) {
  const bool assertion = request.form.Has("client_assertion");
  if (!request.client_secret.has_value()) {
    if (!assertion) return Refusal{7000218};
    return Refusal{700027, {"The application has no certificate registered."}};
  }
  const auto matches = [&](const Secret& secret) {
    return SameSecret(*request.client_secret, secret.value);
  };
  const auto& secrets = credentials.secrets;
  if (std::any_of(secrets.begin(), secrets.end(), matches)) return ClientProof::kSecret;
  return Refusal{7000215, {id}};
}

Outcome<Client> AuthenticateBlueprint(const TokenRequest& request, const Blueprint& blueprint) {
  const auto proof = Prove(request, blueprint.id, blueprint.credentials);
  if (!proof.ok()) return proof.refusal();
  return Client{.id = blueprint.id,
                .name = blueprint.name,
                .principal_id = blueprint.principal_id,
                .proof = *proof,
                .blueprint = &blueprint};
}

Outcome<Client> AuthenticateApp(const TokenRequest& request, const App& app) {
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
  const auto proof = Prove(request, app.id, app.credentials);
  if (!proof.ok()) return proof.refusal();
  client.proof = *proof;
  return client;
}

Outcome<Client> AuthenticateAgent(const TokenRequest& request, const Blueprint& parent,
                                  const Agent& agent, const SigningKeys& keys) {
  const Outcome<std::string> assertion = PresentedAssertion(request);
  if (!assertion.ok()) return assertion.refusal();
  const Party party{parent.id, AgentSubject(request.tenant, parent, agent.id)};
  if (auto refusal = CheckFederationToken(request, *assertion, party, keys)) return *refusal;
  return Client{.id = agent.id,
                .name = agent.name,
                .principal_id = agent.id,
                .proof = ClientProof::kAssertion,
                .agent = &agent,
                .parent = &parent,
                .consents = {&parent.consents, &agent.consents}};
}

}  // namespace

Outcome<Client> Authenticate(const TokenRequest& request, const SigningKeys& keys) {
  const Tenant& tenant = request.tenant;
  if (const Blueprint* blueprint = tenant.FindBlueprint(request.client_id)) {
    return AuthenticateBlueprint(request, *blueprint);
  }
  if (const Blueprint* parent = tenant.ParentOf(request.client_id)) {
    return AuthenticateAgent(request, *parent, *FindAgent(*parent, request.client_id), keys);
  }
  const App* app = tenant.FindApp(request.client_id);
  return app == nullptr ? UnknownClient(request) : AuthenticateApp(request, *app);
}

Outcome<Client> AuthenticateConfidential(const TokenRequest& request, const SigningKeys& keys) {
  Outcome<Client> client = Authenticate(request, keys);
  if (client.ok() && client->proof == ClientProof::kNone) return Refusal{7000218};
  return client;
}

}  // namespace behalf::idp
