// Users who sign in, by password.
#pragma once

#include <string_view>

#include "tests/idp/directory.h"
#include "tests/idp/errors.h"
#include "tests/idp/message.h"

namespace behalf::idp {

// Unknown 50034, disabled 50057, wrong password 50126.
Outcome<const User*> CheckPassword(const Tenant& tenant, std::string_view name,
                                   std::string_view password);

// What somebody entered on the page: `username` and `password`, and
// `secondFactor` where it is demanded (50076).
struct SignedIn {
  const User* user = nullptr;
  bool second_factor = false;
};
Outcome<SignedIn> ReadSignIn(const Tenant& tenant, const Form& entered, bool demanded);

}  // namespace behalf::idp
