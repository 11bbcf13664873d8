#include "tests/idp/sign_in.h"

namespace behalf::idp {

Outcome<const User*> CheckPassword(const Tenant& tenant, std::string_view name,
                                   std::string_view password) {
  const User* user = tenant.FindUser(name);
  if (user == nullptr) return Refusal{50034, {std::string(name), tenant.name}};
  if (user->disabled) return Refusal{50057};
  if (user->password.empty() || user->password != password) return Refusal{50126};
  return user;
}

Outcome<SignedIn> ReadSignIn(const Tenant& tenant, const Form& entered, bool demanded) {
  const auto user = CheckPassword(tenant, entered.Get("username").value_or(""),
                                  entered.Get("password").value_or(""));
  if (!user.ok()) return user.refusal();
  const bool shown = demanded && entered.Get("secondFactor") == "shown";
  if (demanded && !shown) return Refusal{50076, {tenant.name}};
  return SignedIn{*user, shown};
}

}  // namespace behalf::idp
