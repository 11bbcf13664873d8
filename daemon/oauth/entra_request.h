// What is sent to Entra's token endpoint, field by field.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "blueprint/documents.h"
#include "daemon/base/secret_string.h"
#include "daemon/http/http_client.h"
#include "daemon/oauth/client_credentials.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// A POST to the provider's token endpoint with a correlation id of its own and
// no form yet.
HttpRequest EntraPost(const Provider& provider, absl::Duration timeout);

// Leg 1: the blueprint, with its own credential, asks for the proof that it may
// act as the agent (`fmi_path`).
SecretString AgentProofForm(const Blueprint& blueprint, const Agent& agent,
                            const ClientAuthentication& authentication);

// What the token is asked for with, by an agent identity with that proof (leg
// 2), or by an application with its own credential: on behalf of the user whose
// token it trades, or as itself. Neither a refresh token nor an id token is
// asked for.
SecretString TokenForm(const ExchangeRequest& request, const ClientAuthentication& authentication);

}  // namespace behalf
