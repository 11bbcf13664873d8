// Entra's error bodies become reasons.
#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "daemon/base/reason.h"
#include "daemon/http/http_client.h"

namespace behalf {

// Which leg of an exchange was refused: one in which a client proves itself
// alone (for an agent's proof, or for application access), or one in which a
// user's token takes part. A refused grant has another owner in each.
enum class EntraLeg { kCredential, kOnBehalfOf };

// The reason behind a response that is no success, with `provider_code`,
// `error`, `suberror`, `claims` and `correlation_id` where the body has them.
// The error's text is never passed on: it may quote what was sent.
absl::Status EntraError(const HttpResponse& response, EntraLeg leg);

// The failure of a request with the correlation id that was sent with it,
// where the provider named none.
absl::Status WithCorrelation(const absl::Status& failure, const std::string& sent);

// Whether a response says that Entra is in trouble (kProviderUnavailable), and
// nothing about the request.
bool SaysEntraIsInTrouble(const HttpResponse& response);

struct EntraErrorRow {
  int code;  // AADSTS number
  Reason reason;
};

// The codes whose meaning is known; others are told by `error` and the HTTP
// status.
std::span<const EntraErrorRow> EntraErrorRows();

}  // namespace behalf
