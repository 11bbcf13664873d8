// Assertions that a client signed with its certificate.
#pragma once

#include "tests/idp/client_assertion.h"
#include "tests/idp/jwt.h"

namespace behalf::idp {

bool NamesCertificate(const UnverifiedJwt& jwt);

// See CheckClientAssertion. A `jti` may come again unless the tenant refuses
// replays: Entra accepts them, and MSAL for Python sends an assertion until it
// expires.
std::optional<Refusal> CheckCertificate(const TokenRequest& request, const UnverifiedJwt& jwt,
                                        const Credentials& credentials, SeenAssertions& seen);

}  // namespace behalf::idp
