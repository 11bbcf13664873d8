#include "tests/idp/user_grant.h"

#include "tests/idp/consent.h"

namespace behalf::idp {

Outcome<json::object> GrantAsUser(const TokenRequest& request, const Client& client,
                                  const Subject& subject, const Issuer& issuer) {
  const Outcome<std::string> scope = Required(request, "scope");
  if (!scope.ok()) return scope.refusal();
  const Outcome<ScopeRequest> asked = ReadScopes(*scope, request.tenant);
  if (!asked.ok()) return asked.refusal();
  const auto granted = Granted(*asked, client);
  if (!granted.ok()) return granted.refusal();
  if (subject.on_behalf && subject.user->require_mfa && !subject.second_factor) {
    return Refusal{50076, {asked->resource->app_id}, SecondFactorChallenge(request.tenant)};
  }
  const UserAccess access{request.tenant, *subject.user,         *asked->resource, client,
                          *granted,       subject.second_factor, subject.on_behalf};
  return issuer.UserReply(request, access, *asked);
}

}  // namespace behalf::idp
