// The full key of a token (design invariant: resolved values, never names).
#pragma once

#include <string>

#include "daemon/oauth/token_exchanger.h"

namespace behalf {

// 32 raw bytes: SHA-256 over the length-prefixed issuer, token endpoint,
// tenant, client id, agent id, access, resource, audiences, version of
// tokens, way of asking, scopes and subject-token digest, whether it is reused, and the bounds it
// was checked against. Two requests with the same key may share a token and its checks; nothing
// else may.
std::string ExchangeKey(const ExchangeRequest& request);

}  // namespace behalf
