// The token endpoint's answers, as RFC 6749 section 5 and Entra shape them.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/http/http_client.h"
#include "daemon/oauth/provider_dialect.h"

namespace behalf {

// A reply out of an HTTP 200; kReplyMalformed for anything else in it (a
// missing token counts, whatever some clients make of it).
absl::StatusOr<ProviderReply> ParseTokenResponse(const HttpResponse& response);

// The Retry-After of a response in seconds, between 1 s and 5 min; `otherwise`
// where there is none or it cannot be read.
absl::Duration RetryAfter(const HttpResponse& response, absl::Duration otherwise);

}  // namespace behalf
