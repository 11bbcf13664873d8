// Who the client of a token request is.
#pragma once

#include "tests/idp/errors.h"
#include "tests/idp/issuer.h"
#include "tests/idp/token_request.h"
#include "tests/idp/tokens.h"

namespace behalf::idp {

// A blueprint proves itself by its secret (7000215, 7000218).
Outcome<Client> AuthenticateBlueprint(const TokenRequest& request, const Blueprint& blueprint);

// An agent proves itself by its blueprint's exchange token for it: signature
// 700027, times 700024, issuer 700211, audience 700212, parent and path
// 700213, app-only 700229.
Outcome<Client> AuthenticateAgent(const TokenRequest& request, const Blueprint& parent,
                                  const Agent& agent, const SigningKeys& keys);

}  // namespace behalf::idp
