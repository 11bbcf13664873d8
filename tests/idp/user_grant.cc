#include "tests/idp/user_grant.h"

#include "tests/idp/conditional_access.h"
#include "tests/idp/consent.h"

namespace behalf::idp {
namespace {

Outcome<std::string> Scope(const TokenRequest& request, const Subject& subject) {
  const Outcome<std::string> asked = Required(request, "scope");
  return asked.ok() || subject.scope.empty() ? asked : subject.scope;
}

}  // namespace

Outcome<json::object> GrantAsUser(const TokenRequest& request, const Client& client,
                                  const Subject& subject, const Issuer& issuer) {
  const Outcome<std::string> scope = Scope(request, subject);
  if (!scope.ok()) return scope.refusal();
  const Outcome<ScopeRequest> asked = ReadScopes(*scope, request.tenant);
  if (!asked.ok()) return asked.refusal();
  const auto granted = Granted(*asked, client);
  if (!granted.ok()) return granted.refusal();
  if (subject.on_behalf && subject.user->require_mfa && !subject.shown.second_factor) {
    return Refusal{50076, {asked->resource->app_id}, SecondFactorChallenge(request.tenant)};
  }
  const Attempt attempt{request.tenant, *subject.user, *asked->resource, client.id};
  if (auto refusal = CheckPolicies(attempt, subject.shown)) return *refusal;
  const UserAccess access{request.tenant, *subject.user, *asked->resource,  client,
                          *granted,       subject.shown, subject.on_behalf, subject.nonce};
  return issuer.UserReply(request, access, *asked);
}

Outcome<json::object> GrantAuthorized(const TokenRequest& request, const Client& client,
                                      const Authorization& authorization, const Issuer& issuer) {
  const User* user = request.tenant.FindUser(authorization.user_id);
  if (user == nullptr || user->disabled) return Refusal{50057};
  const Subject subject{.user = user,
                        .shown = authorization.shown,
                        .scope = authorization.scope,
                        .nonce = authorization.nonce};
  return GrantAsUser(request, client, subject, issuer);
}

}  // namespace behalf::idp
