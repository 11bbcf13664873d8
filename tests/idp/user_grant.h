// The end that all flows share which give a client access as a user.
#pragma once

#include "tests/idp/authorization.h"
#include "tests/idp/client.h"
#include "tests/idp/issuer.h"
#include "tests/idp/subject.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

// Reads `scope`, checks consent (65001), what the user must show (50076) when
// the client acts for the user, and Conditional Access.
Outcome<json::object> GrantAsUser(const TokenRequest& request, const Client& client,
                                  const Subject& subject, const Issuer& issuer);

// The same for a user who signed in on the page, and who may be disabled or
// gone since (50057).
Outcome<json::object> GrantAuthorized(const TokenRequest& request, const Client& client,
                                      const Authorization& authorization, const Issuer& issuer);

}  // namespace behalf::idp
