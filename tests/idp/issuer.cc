#include "tests/idp/issuer.h"

#include <boost/json/serialize.hpp>

#include "tests/idp/base64url.h"
#include "tests/idp/refresh_token.h"

namespace behalf::idp {
namespace {

constexpr absl::Duration kAppTokenLifetime = absl::Hours(1);
constexpr std::int64_t kShortestSeconds = 60 * 60;
constexpr std::int64_t kLongestSeconds = 90 * 60;

json::object BearerReply(absl::Duration lifetime) {
  const std::int64_t expires_in = absl::ToInt64Seconds(lifetime) - 1;
  return {{"token_type", "Bearer"}, {"expires_in", expires_in}, {"ext_expires_in", expires_in}};
}

std::string ClientInfo(const UserAccess& access) {
  return Base64Url(
      json::serialize(json::object{{"uid", access.user.id}, {"utid", access.tenant.id}}));
}

}  // namespace

Stamp Issuer::NewStamp(const TokenRequest& request, absl::Duration lifetime) const {
  return {request.now, lifetime, Base64Url(random_.Bytes(16)), request.base_url};
}

std::string Issuer::Sign(const json::object& claims, bool sealed) const {
  return sealed ? SignSealedJwt(keys_.current(), claims, Base64Url(random_.Bytes(32)))
                : SignJwt(keys_.current(), claims);
}

json::object Issuer::ApplicationReply(const json::object& claims, bool sealed) const {
  json::object reply = BearerReply(kAppTokenLifetime);
  reply["access_token"] = Sign(claims, sealed);
  return reply;
}

json::object Issuer::ExchangeReply(const TokenRequest& request, const Blueprint& blueprint,
                                   std::string_view agent, ClientProof proof) const {
  const Stamp stamp = NewStamp(request, kAppTokenLifetime);
  return ApplicationReply(ExchangeTokenClaims(stamp, request.tenant, blueprint, agent, proof),
                          false);
}

json::object Issuer::FederationReply(const TokenRequest& request, const Client& client) const {
  const Stamp stamp = NewStamp(request, kAppTokenLifetime);
  return ApplicationReply(FederationTokenClaims(stamp, request.tenant, client), false);
}

json::object Issuer::AppReply(const TokenRequest& request, const AppAccess& access) const {
  const Stamp stamp = NewStamp(request, kAppTokenLifetime);
  return ApplicationReply(AppTokenClaims(stamp, access), access.resource.nonce);
}

json::object Issuer::UserReply(const TokenRequest& request, const UserAccess& access,
                               const ScopeRequest& asked) const {
  const absl::Duration lifetime = absl::Seconds(random_.Between(kShortestSeconds, kLongestSeconds));
  const Stamp stamp = NewStamp(request, lifetime);
  const json::object claims = UserTokenClaims(stamp, access);
  json::object reply = BearerReply(lifetime);
  reply["scope"] = QualifiedScopes(access.resource, access.scopes);
  reply["access_token"] = Sign(claims, access.resource.nonce);
  if (asked.openid) reply["id_token"] = SignJwt(keys_.current(), IdTokenClaims(stamp, access));
  if (asked.offline_access) {
    reply["refresh_token"] = MakeRefreshToken(keys_.current(), stamp, access);
  }
  if (request.form.Get("client_info") == "1") reply["client_info"] = ClientInfo(access);
  return reply;
}

}  // namespace behalf::idp
