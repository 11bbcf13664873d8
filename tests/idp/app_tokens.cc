// Tokens of clients for themselves.
#include <boost/json/array.hpp>

#include "absl/strings/str_cat.h"
#include "tests/idp/guid.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {
namespace {

// As in tokens.cc; 7 is a service principal.
constexpr std::string_view kBlueprintFacets = "3 9";
constexpr std::string_view kActingAgentFacets = "3 9 11";
constexpr std::string_view kAgentFacets = "9 3 11";
constexpr std::string_view kPrincipalRelation = "7 26";

void AddPrincipal(json::object& claims, const Stamp& stamp, const Tenant& tenant,
                  const std::string& principal) {
  claims["oid"] = principal;
  claims["rh"] = absl::StrCat("1.", CompactGuid(tenant.id), ".");
  claims["sub"] = principal;
  claims["tid"] = tenant.id;
  claims["uti"] = stamp.id;
}

void AddKind(json::object& claims, const Client& client) {
  claims["idtyp"] = "app";
  claims["xms_idrel"] = kPrincipalRelation;
  if (client.parent == nullptr) return;
  claims["xms_act_fct"] = kActingAgentFacets;
  claims["xms_par_app_azp"] = client.parent->id;
  claims["xms_sub_fct"] = kAgentFacets;
}

json::object V1Claims(const Stamp& stamp, const AppAccess& access) {
  json::object claims{{"aud", access.resource.uri}, {"iss", IssuerV1(access.tenant)}};
  AddTimes(claims, stamp);
  claims["app_displayname"] = access.client.name;
  claims["appid"] = access.client.id;
  claims["appidacr"] = ProofText(access.client.proof);
  claims["idp"] = IssuerV1(access.tenant);
  claims["ver"] = "1.0";
  return claims;
}

json::object V2Claims(const Stamp& stamp, const Tenant& tenant, const Client& client,
                      std::string_view audience) {
  json::object claims{{"aud", audience}, {"iss", IssuerV2(tenant, stamp.base_url)}};
  AddTimes(claims, stamp);
  claims["azp"] = client.id;
  claims["azpacr"] = ProofText(client.proof);
  claims["ver"] = "2.0";
  return claims;
}

}  // namespace

json::object ExchangeTokenClaims(const Stamp& stamp, const Tenant& tenant,
                                 const Blueprint& blueprint, std::string_view agent,
                                 ClientProof proof) {
  const Client client{
      .id = blueprint.id, .name = blueprint.name, .principal_id = {}, .proof = proof};
  json::object claims = V2Claims(stamp, tenant, client, kExchangeAppId);
  AddPrincipal(claims, stamp, tenant, blueprint.principal_id);
  AddKind(claims, client);
  claims["sub"] = AgentSubject(tenant, blueprint, agent);
  claims["xms_act_fct"] = kBlueprintFacets;
  claims["xms_ficinfo"] = "CAAQABgAIAAoAjAA";
  claims["xms_sub_fct"] = kBlueprintFacets;
  return claims;
}

json::object FederationTokenClaims(const Stamp& stamp, const Tenant& tenant, const Client& client) {
  json::object claims = V2Claims(stamp, tenant, client, kExchangeAppId);
  AddPrincipal(claims, stamp, tenant, client.principal_id);
  AddKind(claims, client);
  return claims;
}

json::object AppTokenClaims(const Stamp& stamp, const AppAccess& access) {
  json::object claims = access.resource.token_version == 1
                            ? V1Claims(stamp, access)
                            : V2Claims(stamp, access.tenant, access.client, access.resource.app_id);
  AddPrincipal(claims, stamp, access.tenant, access.client.principal_id);
  if (access.resource.agent_claims) AddKind(claims, access.client);
  if (access.roles.empty()) return claims;
  claims["roles"] = json::array(access.roles.begin(), access.roles.end());
  return claims;
}

}  // namespace behalf::idp
