#include "tests/idp/tokens.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/idp/base64url.h"
#include "tests/idp/guid.h"

namespace behalf::idp {
namespace {

constexpr absl::Duration kBackdated = absl::Minutes(5);
constexpr std::string_view kSecondFactor = "mfa";
constexpr std::string_view kSecondFactorContext = "p1";

// Facets (xms_act_fct, xms_sub_fct) and relations (xms_idrel) of Entra; 11 is
// an agent identity, 13 an agent's user, 1 a member, 5 a guest. Others stand
// for what clients must not stumble over.
constexpr std::string_view kAgentFacets = "9 3 11";
constexpr std::string_view kUserFacets = "2 3";
constexpr std::string_view kAgentUserFacets = "2 13 3";
constexpr std::string_view kMemberRelation = "1 26";
constexpr std::string_view kGuestRelation = "5 26";

void AddIdentity(json::object& claims, const Stamp& stamp, const UserAccess& access) {
  claims["name"] = access.user.name;
  claims["oid"] = access.user.id;
  claims["rh"] = absl::StrCat("1.", CompactGuid(access.tenant.id), ".");
  claims["tid"] = access.tenant.id;
  claims["uti"] = stamp.id;
  if (access.user.guest) {
    const std::string home = DerivedGuid(absl::StrCat("home of ", access.user.upn));
    claims["idp"] = absl::StrCat("https://sts.windows.net/", home, "/");
    claims["acct"] = 1;
  }
}

void AddAgent(json::object& claims, const UserAccess& access) {
  if (!access.resource.agent_claims) return;
  claims["idtyp"] = "user";
  claims["xms_idrel"] = access.user.guest ? kGuestRelation : kMemberRelation;
  if (access.client.parent == nullptr) return;
  claims["xms_act_fct"] = kAgentFacets;
  claims["xms_sub_fct"] = access.user.agent.empty() ? kUserFacets : kAgentUserFacets;
  claims["xms_par_app_azp"] = access.client.parent->id;
}

json::array Contexts(const Evidence& shown) {
  return json::array(shown.contexts.begin(), shown.contexts.end());
}

json::object V1Claims(const Stamp& stamp, const UserAccess& access) {
  json::object claims{{"aud", access.resource.uri}, {"iss", IssuerV1(access.tenant)}};
  AddTimes(claims, stamp);
  claims["acr"] = "1";
  if (!access.shown.contexts.empty()) claims["acrs"] = Contexts(access.shown);
  claims["amr"] =
      access.shown.second_factor ? json::array{"pwd", kSecondFactor} : json::array{"pwd"};
  claims["app_displayname"] = access.client.name;
  claims["appid"] = access.client.id;
  claims["appidacr"] = ProofText(access.client.proof);
  claims["unique_name"] = access.user.upn;
  claims["upn"] = access.user.upn;
  claims["ver"] = "1.0";
  claims["xms_st"] =
      json::object{{"sub", PairwiseSubject(access.tenant, access.client.id, access.user)}};
  return claims;
}

json::object V2Claims(const Stamp& stamp, const UserAccess& access) {
  json::object claims{{"aud", access.resource.app_id},
                      {"iss", IssuerV2(access.tenant, stamp.base_url)}};
  AddTimes(claims, stamp);
  std::vector<std::string> contexts = access.shown.contexts;
  if (access.shown.second_factor) {
    contexts.insert(contexts.begin(), std::string(kSecondFactorContext));
  }
  if (!contexts.empty()) claims["acrs"] = json::array(contexts.begin(), contexts.end());
  claims["azp"] = access.client.id;
  claims["azpacr"] = ProofText(access.client.proof);
  claims["preferred_username"] = access.user.upn;
  claims["ver"] = "2.0";
  return claims;
}

bool Holds(const std::vector<std::string>& texts, std::string_view wanted) {
  return std::find(texts.begin(), texts.end(), wanted) != texts.end();
}

}  // namespace

std::string ProofText(ClientProof proof) { return std::to_string(static_cast<int>(proof)); }

void AddTimes(json::object& claims, const Stamp& stamp) {
  const std::int64_t issued = absl::ToUnixSeconds(stamp.now - kBackdated);
  claims["iat"] = issued;
  claims["nbf"] = issued;
  claims["exp"] = absl::ToUnixSeconds(stamp.now + stamp.lifetime);
}

std::string IssuerV1(const Tenant& tenant) {
  return absl::StrCat("https://sts.windows.net/", tenant.id, "/");
}

std::string IssuerV2(const Tenant& tenant, std::string_view base_url) {
  return std::string(base_url).append("/").append(tenant.id).append("/v2.0");
}

std::string PairwiseSubject(const Tenant& tenant, std::string_view app_id, const User& user) {
  std::string pair = absl::StrCat("subject ", tenant.id, " ", user.id, " ");
  return Base64Url(Sha256(pair.append(app_id)));
}

std::string AgentSubject(const Tenant& tenant, const Blueprint& blueprint, std::string_view agent) {
  std::string path =
      absl::StrCat("/eid1/c/pub/t/", CompactGuid(tenant.id), "/a/", CompactGuid(blueprint.id), "/");
  return path.append(agent);
}

json::object UserTokenClaims(const Stamp& stamp, const UserAccess& access) {
  json::object claims =
      access.resource.token_version == 1 ? V1Claims(stamp, access) : V2Claims(stamp, access);
  AddIdentity(claims, stamp, access);
  claims["scp"] = absl::StrJoin(access.scopes, " ");
  claims["sub"] = PairwiseSubject(access.tenant, access.resource.app_id, access.user);
  AddAgent(claims, access);
  return claims;
}

json::object IdTokenClaims(const Stamp& stamp, const UserAccess& access) {
  json::object claims{{"aud", access.client.id}, {"iss", IssuerV2(access.tenant, stamp.base_url)}};
  AddTimes(claims, stamp);
  AddIdentity(claims, stamp, access);
  if (!access.nonce.empty()) claims["nonce"] = access.nonce;
  claims["preferred_username"] = access.user.upn;
  claims["sub"] = PairwiseSubject(access.tenant, access.client.id, access.user);
  claims["ver"] = "2.0";
  return claims;
}

Evidence ShownIn(const json::object& claims) {
  Evidence shown{.second_factor = Holds(TextsAt(claims, "amr"), kSecondFactor),
                 .contexts = TextsAt(claims, "acrs")};
  if (std::erase(shown.contexts, kSecondFactorContext) > 0) shown.second_factor = true;
  return shown;
}

}  // namespace behalf::idp
