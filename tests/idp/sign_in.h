// Users who sign in, by password.
#pragma once

#include <string_view>

#include "tests/idp/directory.h"
#include "tests/idp/errors.h"
#include "tests/idp/evidence.h"
#include "tests/idp/message.h"

namespace behalf::idp {

// Unknown 50034, disabled 50057, wrong password 50126.
Outcome<const User*> CheckPassword(const Tenant& tenant, std::string_view name,
                                   std::string_view password);

// Where a user signs in, and for what.
struct Entrance {
  const Tenant& tenant;
  std::string_view client_id;
  std::string_view scope;
  Evidence demanded = {};  // by the client's `claims`
};

// What somebody entered on the page: `username` and `password`, and
// `secondFactor` where it is demanded or a policy needs it (50076). Blocked
// 53003.
struct SignedIn {
  const User* user = nullptr;
  Evidence shown = {};
};
Outcome<SignedIn> ReadSignIn(const Entrance& entrance, const Form& entered);

}  // namespace behalf::idp
