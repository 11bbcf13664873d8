// The shapes of tokens: which claims stand in which kind. Pure functions; one
// place to look when Entra's shapes change.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "tests/idp/client.h"
#include "tests/idp/directory.h"
#include "tests/idp/evidence.h"
#include "tests/idp/jwt.h"

namespace behalf::idp {

// The app id behind api://AzureADTokenExchange.
inline constexpr std::string_view kExchangeAppId = "fb60f99c-7a34-4190-8149-302f77469936";
inline constexpr std::string_view kExchangeUri = "api://AzureADTokenExchange";

// What differs from one token to the next.
struct Stamp {
  absl::Time now;
  absl::Duration lifetime;  // from now; tokens begin five minutes in the past
  std::string id;           // `uti`
  std::string base_url;     // version 2 issuers stand below it
};

// Access to a resource as the client itself. All refer to the same tenant.
struct AppAccess {
  const Tenant& tenant;
  const Resource& resource;
  const Client& client;
  std::vector<std::string> roles;
};

// Access to a resource as a user. All refer to the same tenant.
struct UserAccess {
  const Tenant& tenant;
  const User& user;
  const Resource& resource;
  Client client;
  std::vector<std::string> scopes;
  Evidence shown = {};
  bool on_behalf = false;  // the user did not sign in with the client
  std::string nonce = {};  // for the id_token
};

std::string IssuerV1(const Tenant& tenant);
std::string IssuerV2(const Tenant& tenant, std::string_view base_url);

// Different for each application, the same in every token of one.
std::string PairwiseSubject(const Tenant& tenant, std::string_view app_id, const User& user);

// The federated identity path of an agent below its blueprint.
std::string AgentSubject(const Tenant& tenant, const Blueprint& blueprint, std::string_view agent);

// The blueprint's token that an agent authenticates with ("T1").
json::object ExchangeTokenClaims(const Stamp& stamp, const Tenant& tenant,
                                 const Blueprint& blueprint, std::string_view agent,
                                 ClientProof proof);

// The token of any other application, or of an agent for itself ("T2"), that a
// federated credential may be matched with.
json::object FederationTokenClaims(const Stamp& stamp, const Tenant& tenant, const Client& client);

// Access tokens, version 1 or 2 as the resource wants it.
json::object UserTokenClaims(const Stamp& stamp, const UserAccess& access);
json::object AppTokenClaims(const Stamp& stamp, const AppAccess& access);

json::object IdTokenClaims(const Stamp& stamp, const UserAccess& access);

// For the makers of claims: `iat`, `nbf` and `exp`; `azpacr`.
void AddTimes(json::object& claims, const Stamp& stamp);
std::string ProofText(ClientProof proof);

// What the user of an access token has shown.
Evidence ShownIn(const json::object& claims);

}  // namespace behalf::idp
