// Responses that several endpoints give.
#pragma once

#include "absl/time/time.h"
#include "tests/idp/errors.h"
#include "tests/idp/identity_provider.h"
#include "tests/idp/jwt.h"
#include "tests/idp/message.h"
#include "tests/idp/visit.h"

namespace behalf::idp {

Response JsonReply(int status, const json::object& body);
Response NotFound();
Response MethodNotAllowed();

// Entra's error body: error, description with trace, codes, time, ids, and
// suberror and claims where there are any.
// `error_description` and `error_uri`.
std::string TracedText(const Refusal& refusal, const Trace& trace, absl::Time now);
std::string ErrorUri(const Refusal& refusal);

// The refusal as a page, for the user alone.
Response ErrorPage(const Refusal& refusal, const Visit& visit);

Response ErrorReply(const Refusal& refusal, const Trace& trace, absl::Time now);

}  // namespace behalf::idp
