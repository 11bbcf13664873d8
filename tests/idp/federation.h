// Tokens of this tenant that stand for an application: as client assertions
// and as the federated credential of an agent's user.
#pragma once

#include <optional>
#include <string>

#include "tests/idp/errors.h"
#include "tests/idp/jwt.h"
#include "tests/idp/token_request.h"

namespace behalf::idp {

// Who such a token must be from.
struct Party {
  std::string client_id;  // `azp`
  std::string subject;    // `sub`
};

// As federated credentials are matched: signature 700027, times 700024,
// issuer 700211, audience 700212, app-only 700229, party 700213.
std::optional<Refusal> CheckFederationToken(const TokenRequest& request, std::string_view token,
                                            const Party& party, const SigningKeys& keys);

// `nbf` when there is one, and `exp` (700024).
std::optional<Refusal> CheckAssertionTimes(const TokenRequest& request, const json::object& claims);

// What is wrong with a token, as 700027 says it.
std::string Reason(JwtDefect defect);

}  // namespace behalf::idp
