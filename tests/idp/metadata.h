// What clients read before they ask for tokens: OpenID Connect Discovery 1.0,
// Entra's instance discovery, and the signing keys (RFC 7517).
#pragma once

#include "tests/idp/directory.h"
#include "tests/idp/message.h"
#include "tests/idp/signing_keys.h"

namespace behalf::idp {

// Everything stands below the base URL of the request: clients insist that
// issuer and authority are on one host and port.
Response OpenIdConfiguration(const Tenant& tenant, const Request& request);
Response InstanceDiscovery(const Request& request);
Response PublishedKeys(const SigningKeys& keys);

}  // namespace behalf::idp
