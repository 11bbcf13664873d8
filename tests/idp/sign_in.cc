#include "tests/idp/sign_in.h"

#include <algorithm>

#include "tests/idp/conditional_access.h"
#include "tests/idp/scopes.h"

namespace behalf::idp {

Outcome<const User*> CheckPassword(const Tenant& tenant, std::string_view name,
                                   std::string_view password) {
  const User* user = tenant.FindUser(name);
  if (user == nullptr) return Refusal{50034, {std::string(name), tenant.name}};
  if (user->disabled) return Refusal{50057};
  if (user->password.empty() || user->password != password) return Refusal{50126};
  return user;
}

Outcome<SignedIn> ReadSignIn(const Entrance& entrance, const Form& entered) {
  const auto user = CheckPassword(entrance.tenant, entered.Get("username").value_or(""),
                                  entered.Get("password").value_or(""));
  if (!user.ok()) return user.refusal();
  const auto asked = ReadScopes(entrance.scope, entrance.tenant);
  if (!asked.ok()) return asked.refusal();
  const auto needed = Needed({entrance.tenant, **user, *asked->resource, entrance.client_id});
  if (!needed.ok()) return needed.refusal();
  Evidence all = entrance.demanded;
  all.second_factor = all.second_factor || needed->second_factor;
  all.contexts.insert(all.contexts.end(), needed->contexts.begin(), needed->contexts.end());
  std::sort(all.contexts.begin(), all.contexts.end());
  all.contexts.erase(std::unique(all.contexts.begin(), all.contexts.end()), all.contexts.end());
  if (!all.empty() && entered.Get("secondFactor") != "shown") {
    return Refusal{50076, {asked->resource->app_id}};
  }
  return SignedIn{*user, all};
}

}  // namespace behalf::idp
