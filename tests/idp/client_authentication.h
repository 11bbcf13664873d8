// Who the client of a token request is.
#pragma once

#include "tests/idp/client.h"
#include "tests/idp/errors.h"
#include "tests/idp/issuer.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

// Applications and blueprints prove themselves by a secret (wrong 7000215,
// expired 7000222, none 7000218) or a client assertion (client_assertion.h); a
// public application by nothing (700025). An agent proves itself by its
// blueprint's exchange token for it: signature 700027, times 700024, issuer
// 700211, audience 700212, parent and path 700213, app-only 700229. Any other
// client is unknown (700016).
Outcome<Client> Authenticate(const TokenRequest& request, const Issuer& issuer);

// The same for grants that a public client may not use (7000218).
Outcome<Client> AuthenticateConfidential(const TokenRequest& request, const Issuer& issuer);

}  // namespace behalf::idp
