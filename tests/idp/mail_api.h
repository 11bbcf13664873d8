// The protected API in Graph's place: GET /v1.0/me and /v1.0/me/messages. The
// judge of tokens: signature, issuer, audience, times and scope are checked
// as the real one would.
#pragma once

#include "absl/time/time.h"
#include "tests/idp/directory.h"
#include "tests/idp/identity_provider.h"
#include "tests/idp/message.h"
#include "tests/idp/signing_keys.h"

namespace behalf::idp {

struct MailApi {
  const Directory& directory;
  const SigningKeys& keys;
  absl::Time now;
};

// 401 InvalidAuthenticationToken, 403 ErrorAccessDenied, or the user's own.
Response AnswerMailApi(const MailApi& api, const Request& request, const Trace& trace);

}  // namespace behalf::idp
