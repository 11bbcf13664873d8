// Is what Entra returned what was asked for?
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "daemon/oauth/provider_dialect.h"
#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// The token belongs to the API, and some (Microsoft Graph's) cannot be
// verified by anybody else; so it is read, not signature-checked. It came over
// TLS from the configured endpoint, and every claim is compared with the
// request by the table in entra_reply.cc.
absl::StatusOr<ApiToken> CheckEntraReply(ProviderReply reply, const ExchangeRequest& request,
                                         absl::Time now);

// The part of those rules that a token from the cache must meet again, since
// documents and time have moved on: scopes, lifetime, expiry.
absl::Status CheckLimits(const ApiToken& token, const ExchangeRequest& request, absl::Time now);

}  // namespace behalf
